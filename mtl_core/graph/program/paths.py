"""Dotted paths of imported names, whichever Keras or TensorFlow they are of, in today's form."""

from __future__ import annotations

import re

__all__ = ["normal_path"]

_KERAS = re.compile(
    r"^(?:tensorflow\.(?:compat\.v[12]\.|python\.|_api\.v\d\.|contrib\.)?keras|tf_keras|keras\.(?:api|src)|tensorflow\.keras\.api)"
    r"(?:\.(?:api|src|_v\d))*(?=\.|$)"
)


def normal_path(path: str) -> str:
    """A dotted path in today's form: "tensorflow.keras.layers.Dense" -> "keras.layers.Dense"."""
    path = _KERAS.sub("keras", path, count=1)
    return re.sub(r"^tensorflow\.(compat\.v[12]|python|_api\.v\d)\.", "tensorflow.", path)
