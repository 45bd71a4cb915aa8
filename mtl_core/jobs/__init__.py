"""Runs for any number of visitors: one training for each distinct run, on a Dask cluster."""
