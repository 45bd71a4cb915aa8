"""The peer in JAX does the same work as the engine beside which it is timed."""

import numpy as np
import pytest

from mtl_core.data import make_split
from mtl_core.spec import ExperimentSpec
from mtl_core.train import Batches, Program, Shape, loss_weights_of
from tests.bench.by_hand import jax_epoch


@pytest.mark.full
def test_an_epoch_by_hand_in_jax_comes_to_the_weights_of_an_epoch_here() -> None:
    spec = ExperimentSpec().replace(tweets="numbers", n_train=512)
    rows = make_split(spec.data, spec.train.seed, "train")
    tweets = rows.a.transpose(1, 0, 2), rows.b.transpose(1, 0, 2)
    labels = np.concatenate([rows.y1, rows.y2], axis=1)
    batches = Batches.of(np.arange(spec.data.n_train), spec.train.batch_size)
    program, by_hand = Program(Shape.of(spec)), jax_epoch(spec)
    program.reset(spec.train.seed, spec.train.learning_rate)
    for _epoch in range(2):
        program.update(tweets, labels, np.ones_like(labels), batches, loss_weights_of(spec, 1), range(len(batches)))
        theirs = by_hand()
    for mine, other in zip(program.model.get_weights(), theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-5)
