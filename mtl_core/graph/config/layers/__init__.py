"""What each of Keras's own layers is in numbers: its weights, and the shapes it makes."""
