"""An epoch of training as one compiled graph, over the variables of a real `keras.Model` and its real optimizer.

`keras.Model.fit` spends most of a small step on its way from batch to batch. Here the whole way is inside the graph: a
loop gathers the rows of a batch, encodes both tweets, takes the loss from logits, differentiates it and lets the Keras
optimizer apply the gradients. The arithmetic is `fit`'s own; two epochs agree with it to 1e-5.

A program is compiled for a model's shape, an optimizer, a kernel and the heads that are detached. Data, batch size, number of rows,
learning rate, loss weights and which rows have labels are arguments, so other experiments of that shape use it again after a reset of
weights and slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from mtl_core.model import Tensor, Variant, Weights, build_model, initial_weights, lstm, variant_of
from mtl_core.spec import ENCODERS, HIDDEN, MERGED, OUTPUTS, DataSpec, ExperimentSpec, Float32, ModelSpec
from mtl_core.train.pool import Pool

__all__ = ["PROGRAMS", "Batches", "Program", "Shape"]

# Every new shape is traced, on purpose; TensorFlow would warn of it in the server's log.
tf.get_logger().setLevel("ERROR")

_OPTIMIZERS = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a compiled program depends on: rows and time steps it takes as they come.

    Parameters
    ----------
    model : ModelSpec
    features : int
        Numbers a time step of a tweet has, D.
    optimizer : {"rmsprop", "adam", "sgd"}
    variant : Variant
        The kernel that encodes.
    detach : {"none", "predictions1", "predictions2", "both"}
        Whose gradient stops before the encoders.
    """

    model: ModelSpec
    features: int
    optimizer: str
    variant: Variant
    detach: str = "none"

    @classmethod
    def of(cls, spec: ExperimentSpec) -> Self:
        """The shape of an experiment, with the kernel that the committed rule gives it."""
        _timesteps, features = spec.data.shape
        return cls(
            spec.model, features, spec.train.optimizer, variant_of(features, spec.model.lstm_units), spec.train.detach
        )


@dataclass(frozen=True, slots=True, eq=False)
class Batches:
    """The rows of an epoch's batches; the last batch is filled up with rows that weigh nothing.

    Parameters
    ----------
    rows : int32 array (steps, batch)
    weights : float32 array (steps, batch)
        1 for a row that counts, 0 for filling.
    """

    rows: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]

    @classmethod
    def of(cls, order: np.ndarray[Any, Any], batch_size: int) -> Self:
        """Cut an order of rows into batches, as `keras.Model.fit` does.

        Parameters
        ----------
        order : int array (n,)
            Indices of training rows.
        batch_size : int
            Rows a batch, B. The result has ceil(n / B) batches, of n rows where n is less than B.
        """
        size = min(batch_size, len(order))
        steps = -(-len(order) // size)
        filled = np.resize(order, (steps, size)).astype(np.int32)
        weights = (np.arange(steps * size) < len(order)).reshape(steps, size).astype(np.float32)
        return cls(filled, weights)

    def __len__(self) -> int:
        return len(self.rows)


class Program:
    """A model, its optimizer and the graph that updates both.

    Parameters
    ----------
    shape : Shape
    """

    def __init__(self, shape: Shape) -> None:
        self.model = build_model(shape.model, DataSpec(tweets="numbers", features=shape.features), seed=0)
        self._variant = shape.variant
        self._detached = [shape.detach in (output, "both") for output in OUTPUTS]
        self._read = {layer.name: layer for layer in self.model.layers}
        self._encoders = [self._read[name] for name in ENCODERS[shape.model.encoder]]
        self._optimizer = _OPTIMIZERS[shape.optimizer]()
        self._optimizer.build(self.model.trainable_variables)
        self._fresh_slots = [variable.numpy() for variable in self._optimizer.variables]
        self._updates = tf.function(self._loop, input_signature=_ARGUMENTS, autograph=False)
        self._both_gradients = tf.function(self._by_head, input_signature=_ARGUMENTS[:4], autograph=False)

    def reset(self, seed: int, learning_rate: float) -> None:
        """Begin anew: the weights that `seed` gives, empty slots, the learning rate."""
        self.model.set_weights(initial_weights(self.model, seed))
        for variable, fresh in zip(self._optimizer.variables, self._fresh_slots, strict=True):
            variable.assign(fresh)
        self._optimizer.learning_rate = learning_rate

    def update(
        self,
        tweets: tuple[Tensor, Tensor],
        labels: Tensor,
        labelled: Tensor,
        batches: Batches,
        loss_weights: Float32,
        steps: range,
    ) -> float:
        """Make the updates of some of an epoch's batches.

        Parameters
        ----------
        tweets : pair of tensors (T, n, D)
        labels, labelled : tensor (n, 2)
            Each row's label for each head, and whether it has one: 1 or 0.
        batches : Batches
        loss_weights : float32 array (batches, 2)
            How much each head's loss counts in each batch.
        steps : range
            Which batches; may be empty, which compiles the graph and does nothing else.

        Returns
        -------
        float
            The sum over batches of the loss before each update; not finite if one was not.
        """
        per_batch = (batches.rows, batches.weights, loss_weights)
        return float(self._updates(*tweets, labels, labelled, *per_batch, steps.start, steps.stop))

    def gradients(
        self, tweets: tuple[Tensor, Tensor], labels: Tensor, labelled: Tensor
    ) -> dict[tuple[str, str], tuple[Float32, Float32] | None]:
        """Gradients of both heads' losses, unweighted, in each weight; nothing is updated.

        Parameters
        ----------
        tweets : pair of tensors (T, n, D)
        labels, labelled : tensor (n, 2)
            As `update` takes them; a loss is a mean over all n rows, to which a row without a label adds nothing.

        Returns
        -------
        mapping of (layer, variable) to a pair of arrays shaped like the weight, or None
            In `model.weights` order. None where one of the losses does not reach the weight.
        """
        pairs = zip(*self._both_gradients(*tweets, labels, labelled), strict=True)
        names = [(layer.name, variable.name) for layer in self.model.layers for variable in layer.weights]
        return {
            name: None if one is None or other is None else (one.numpy(), other.numpy())
            for name, (one, other) in zip(names, pairs, strict=True)
        }

    def _by_head(self, a: Tensor, b: Tensor, y: Tensor, labelled: Tensor) -> list[list[Tensor | None]]:
        with tf.GradientTape(persistent=True) as tape:
            # Each loss from its own log odds: where both came as one tensor, a weight out of reach would get zeros.
            mean_losses = [
                tf.reduce_mean(labelled[:, head] * tf.nn.sigmoid_cross_entropy_with_logits(y[:, head], logit[:, 0]))
                for head, logit in enumerate(self._logits((a, b)))
            ]
        weights = [variable.value for variable in self.model.trainable_variables]
        return [tape.gradient(loss, weights) for loss in mean_losses]

    def _loop(
        self,
        a: Tensor,
        b: Tensor,
        y: Tensor,
        labelled: Tensor,
        rows: Tensor,
        counted: Tensor,
        loss_weights: Tensor,
        start: Tensor,
        stop: Tensor,
    ) -> Tensor:
        def update(step: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
            batch = rows[step]
            loss = self._update(
                (tf.gather(a, batch, axis=1), tf.gather(b, batch, axis=1)),
                tf.gather(y, batch),
                tf.gather(labelled, batch),
                counted[step],
                loss_weights[step],
            )
            return step + 1, total + loss

        return tf.while_loop(lambda step, _: step < stop, update, (start, tf.zeros([])), parallel_iterations=1)[1]

    def _update(
        self, tweets: tuple[Tensor, Tensor], y: Tensor, labelled: Tensor, counted: Tensor, loss_weights: Tensor
    ) -> Tensor:
        with tf.GradientTape() as tape:
            rowwise = labelled * tf.nn.sigmoid_cross_entropy_with_logits(y, tf.concat(self._logits(tweets), 1))
            head_losses = tf.linalg.matvec(rowwise, counted, transpose_a=True) / tf.reduce_sum(counted)
            loss = tf.reduce_sum(loss_weights * head_losses)
        variables = self.model.trainable_variables
        # Nothing reaches the encoders where both heads are detached; for the optimizer that is a gradient of zero.
        gradients = tape.gradient(loss, [variable.value for variable in variables], unconnected_gradients="zero")
        self._optimizer.apply(gradients, variables)
        return loss

    def _logits(self, tweets: tuple[Tensor, Tensor]) -> list[Tensor]:
        """Each head's log odds, (n, 1); `mtl_core.forward` says the same in numpy."""
        encoded = [lstm(self._variant, x, _weights(layer)) for x, layer in zip(tweets, self._encoders, strict=True)]
        # What a detached head reads is the same, but no gradient goes back through it.
        seen = [[tf.stop_gradient(x) for x in encoded] if cut else encoded for cut in self._detached]
        if MERGED in self._read:
            read = [self._read[MERGED](x) for x in seen] if any(self._detached) else [self._read[MERGED](encoded)] * 2
        else:
            read = [x[head] for head, x in enumerate(seen)]
        if HIDDEN[0] in self._read:
            read = [self._read[name](x) for name, x in zip(HIDDEN, read, strict=True)]
        heads = [self._read[name] for name in OUTPUTS]
        return [x @ head.kernel.value + head.bias.value for x, head in zip(read, heads, strict=True)]


def _weights(layer: Any) -> Weights:
    kernel, recurrent, bias = (tf.convert_to_tensor(variable.value) for variable in layer.weights)
    return kernel, recurrent, bias


_ARGUMENTS = [
    tf.TensorSpec([None, None, None]),
    tf.TensorSpec([None, None, None]),
    tf.TensorSpec([None, 2]),
    tf.TensorSpec([None, 2]),
    tf.TensorSpec([None, None], tf.int32),
    tf.TensorSpec([None, None]),
    tf.TensorSpec([None, 2]),
    tf.TensorSpec([], tf.int32),
    tf.TensorSpec([], tf.int32),
]

PROGRAMS: Pool[Shape, Program] = Pool(Program, capacity=64)
"""Compiled programs that lie idle in this process. What one has allocated is never given back, so dropping it saves
nothing; a worker that is nearly full is replaced instead, see `mtl_core.jobs.worker_setup`."""
