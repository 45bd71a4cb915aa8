"""A call graph as a picture, in Graphviz's language."""
