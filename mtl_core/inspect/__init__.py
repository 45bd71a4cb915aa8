"""What can be said of anybody's model, and the command that says it."""
