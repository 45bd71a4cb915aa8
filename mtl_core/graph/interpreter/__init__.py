"""A Keras program followed symbolically, never executed: which layers it makes, and on what it calls them."""
