"""Keras without compiling, which takes several times as long as the few batches of a small program."""

import contextlib
import warnings
from collections.abc import Iterator

__all__ = ["eagerly"]


@contextlib.contextmanager
def eagerly() -> Iterator[None]:
    """Whatever Keras runs meanwhile in `fit`, `evaluate` and `predict`, it runs operation by operation."""
    import tensorflow as tf  # here, so that tests beside those that need it run without it

    tf.config.run_functions_eagerly(True)
    try:
        with warnings.catch_warnings():
            # That data sets are compiled all the same.
            warnings.filterwarnings("ignore", message="Even though the `tf.config.experimental_run_functions_eagerly`")
            yield
    finally:
        tf.config.run_functions_eagerly(False)
