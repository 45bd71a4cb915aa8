"""The programs of tests/data/programs, as texts."""

from pathlib import Path

__all__ = ["PROGRAMS"]

FOLDER = Path(__file__).parents[3] / "data" / "programs"
PROGRAMS = sorted(path for path in FOLDER.glob("*.py") if not path.name.endswith(".today.py"))
"""Without the forms in which Keras 3 runs those of older Kerases."""
