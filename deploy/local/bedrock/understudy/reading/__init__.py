"""From characters to marked words: what can be read in a text without knowing what it asks."""
