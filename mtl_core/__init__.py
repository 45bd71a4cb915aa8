"""What `concatenate` does in a multi-task model: the parts that know nothing of Streamlit."""

__all__ = ["__version__"]

__version__ = "1.1.0"
"""Of the app, the library and the command; `pyproject.toml` reads it here, and CHANGELOG.md says what each brought."""
