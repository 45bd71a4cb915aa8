"""The steps in their order, one file each."""
