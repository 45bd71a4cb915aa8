"""The two kinds of arrays that travel: float32 for what Keras computes, float64 for what is measured of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Float32", "Float64"]

Float32 = npt.NDArray[np.float32]

Float64 = npt.NDArray[np.float64]
