"""From marked words to asks: which facts of which subjects a question wants."""
