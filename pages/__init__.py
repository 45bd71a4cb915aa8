"""The pages: one thin script each, which reads the state, calls the core and lays out what came back."""
