"""Training as a stream of records; only workers import this package, because it imports Keras."""

from mtl_core.train.epochs import epoch_order, labelled_rows, loss_weights_of, pulled_rows, train, warm
from mtl_core.train.pool import Pool
from mtl_core.train.program import PROGRAMS, Batches, Program, Shape
from mtl_core.train.pulls import Pulls

__all__ = [
    "PROGRAMS",
    "Batches",
    "Pool",
    "Program",
    "Pulls",
    "Shape",
    "epoch_order",
    "labelled_rows",
    "loss_weights_of",
    "pulled_rows",
    "train",
    "warm",
]
