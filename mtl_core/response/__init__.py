"""How each head's loss responds to each input; only workers import this package, because it imports Keras."""

from mtl_core.response.disturb import respond
from mtl_core.response.probe import block_scale, jacobian, what_if, word_effects
from mtl_core.response.subject import Perturbation

__all__ = ["Perturbation", "block_scale", "jacobian", "respond", "what_if", "word_effects"]
