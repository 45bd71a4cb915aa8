"""What a visitor takes home: the program, the notebook, the report."""
