"""Training as a stream of records; only workers import this package, because it imports Keras."""

from mtl_core.train.epochs import epoch_order, labelled_rows, loss_weights_of, train, warm
from mtl_core.train.pool import Pool
from mtl_core.train.program import PROGRAMS, Batches, Program, Shape

__all__ = [
    "PROGRAMS",
    "Batches",
    "Pool",
    "Program",
    "Shape",
    "epoch_order",
    "labelled_rows",
    "loss_weights_of",
    "train",
    "warm",
]
