"""What pages are made of, in rooms: the shell that all share, the playground, the lesson, the inspector."""
