"""One file a format: from a stranger's bytes to the Keras config in them."""
