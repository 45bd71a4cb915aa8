"""Which kernel trains which shape.

Kernels agree to about 1e-7 a step, yet after forty epochs logits can differ by 2.5e-4: so the kernel belongs to a run's
identity. It follows from the shape by a committed rule, and from nothing that is measured while the app runs; change the
rule and `ENGINE_VERSION` must be raised.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["VARIANTS", "Variant", "variant_of"]

Variant = Literal["block", "scan"]

VARIANTS: tuple[Variant, ...] = ("block", "scan")
"""`block`: TensorFlow's fused `BlockLSTMV2`; `scan`: a loop over time in a graph."""


def variant_of(features: int, units: int) -> Variant:
    """The kernel for an LSTM of `units` that reads `features` numbers a step."""
    return "scan" if features >= 128 else "block"
