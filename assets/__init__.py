"""What ships beside the code: recorded runs, examples, pictures, and the scripts that make them."""
