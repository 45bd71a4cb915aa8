"""Keras's own files, which nobody vouches for, read into one form."""
