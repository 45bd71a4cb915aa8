"""A number that whoever runs the server set in the environment; a wrong one is named in the log, and the default is used."""

from __future__ import annotations

import logging
import math
import os

__all__ = ["number"]

log = logging.getLogger(__name__)


def number(name: str, default: float, *, least: float = 1) -> float:
    """The environment variable `name` as a finite number.

    Parameters
    ----------
    name : str
    default : float
        If it is not set, or says something else.
    least : float
        Smallest legal value.
    """
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if least <= value < math.inf:
        return value
    log.warning("%s is %r; it must be a number from %g on. %g is used instead.", name, text[:40], least, default)
    return default


def worker_environment() -> dict[str, str]:
    """Environment variables of a process that trains; they must be set before TensorFlow is imported.

    One thread within an operation and two across operations: the two tweets are encoded side by side, and matrices this
    small are not worth splitting.
    """
    return {
        "KERAS_BACKEND": "tensorflow",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_NUM_INTEROP_THREADS": "2",
        "TF_NUM_INTRAOP_THREADS": "1",
    }
