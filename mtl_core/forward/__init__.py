"""What a trained model answers, in numpy: everything that needs its weights and no Keras."""

from mtl_core.forward.readout import Readout, losses

__all__ = ["Readout", "losses"]
