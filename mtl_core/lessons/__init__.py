"""The walkthrough, as data."""
