"""What a trained model answers, in numpy: everything that needs its weights and no Keras."""

from mtl_core.forward.network import Network
from mtl_core.forward.readout import Readout, losses
from mtl_core.forward.words import Edit, shortest_edit, word_effects

__all__ = ["Edit", "Network", "Readout", "losses", "shortest_edit", "word_effects"]
