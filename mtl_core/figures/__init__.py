"""One file a figure: its heading, its picture, its reading in words and its table."""
