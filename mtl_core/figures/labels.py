"""Labels in a margin, each beside what it names and none over another."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["spread"]


def spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Centres as near to `wanted` as they can be without overlap, in the order of `wanted`; pixels.

    Labels are laid from the bottom up, each as low as it wants to be and may be; a block that is pushed out at the top
    is moved down as a whole.

    Examples
    --------
    >>> spread([10, 12, 90], [14, 14, 14], 100)
    [10.0, 24.0, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    centres = [float(y) for y in wanted]
    floor = -float("inf")
    for i in order:
        centres[i] = max(centres[i], floor + heights[i] / 2)
        floor = centres[i] + heights[i] / 2
    ceiling = room + (heights[order[-1]] / 2 if order else 0)
    for i in reversed(order):
        centres[i] = min(centres[i], ceiling - heights[i] / 2)
        ceiling = centres[i] - heights[i] / 2
    return centres
