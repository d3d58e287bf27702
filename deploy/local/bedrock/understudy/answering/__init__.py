"""From asks to tool calls and, once they are back, to an answer in Markdown."""
