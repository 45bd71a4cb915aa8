"""Which epochs' weights are kept."""

from __future__ import annotations

import numpy as np

__all__ = ["MAX_SNAPSHOTS", "MAX_SNAPSHOT_BYTES", "kept_epochs"]

MAX_SNAPSHOTS = 41

MAX_SNAPSHOT_BYTES = 32_000_000


def kept_epochs(epochs: int, parameters: int) -> tuple[int, ...]:
    """Epochs whose float32 weights are kept: first, last, and evenly between, within both caps.

    Parameters
    ----------
    epochs : int
        Planned epochs; a run has epochs 0 (before any update) to `epochs`.
    parameters : int
        Weights of the model.

    Examples
    --------
    >>> kept_epochs(4, 1000)
    (0, 1, 2, 3, 4)
    >>> len(kept_epochs(200, 1000))
    41
    """
    room = max(2, min(MAX_SNAPSHOTS, MAX_SNAPSHOT_BYTES // (4 * parameters), epochs + 1))
    return tuple(sorted({round(float(i)) for i in np.linspace(0, epochs, room)}))
