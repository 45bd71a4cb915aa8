"""An epoch of training as one compiled graph, over the variables of a real `keras.Model` and its real optimizer.

`keras.Model.fit` spends most of a small step on its way from batch to batch. Here the whole way is inside the graph: a
loop gathers the rows of a batch, encodes both tweets, takes the loss from logits, differentiates it and lets the Keras
optimizer apply the gradients. The arithmetic is `fit`'s own; two epochs agree with it to 1e-5.

Of a step at 20 x 8 numbers, 16 units and 32 rows the four calls of the LSTM's kernel take three quarters. The rest is some hundred
operations of one to ten microseconds each, so what counts is how few there are: the optimizer sees one variable, an LSTM's two
kernels lie in it as one piece, zeros are made once for many steps, and the derivative of the loss is written out.

A program is compiled for a model's shape, an optimizer, a kernel and the heads that are detached. Data, batch size, number of rows,
learning rate, loss weights and which rows have labels are arguments, so other experiments of that shape use it again after a reset of
weights and slots.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from mtl_core.model import Frame, Tensor, Variant, build_model, frame_of, initial_weights, lstm, stacked, variant_of
from mtl_core.spec import ENCODERS, HIDDEN, MERGED, OUTPUTS, DataSpec, ExperimentSpec, Float32, ModelSpec
from mtl_core.train.pool import Pool

__all__ = ["PROGRAMS", "Batches", "Program", "Shape"]

# Every new shape is traced, on purpose; TensorFlow would warn of it in the server's log.
tf.get_logger().setLevel("ERROR")

_ByLayer = Mapping[str, tuple[Tensor, ...]]

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
        self._encoders = ENCODERS[shape.model.encoder]
        # All weights in one row, because an optimizer needs as many operations for it as for each single weight.
        self._row = keras.Variable(np.zeros(self.model.count_params(), np.float32))
        self._optimizer = _OPTIMIZERS[shape.optimizer]()
        self._optimizer.build([self._row])
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
        weights = [variable.value for variable in self.model.trainable_variables]
        # Each loss from its own log odds: where both came as one tensor, a weight out of reach would get zeros.
        mean_losses = [
            tf.reduce_mean(labelled[:, head] * tf.nn.sigmoid_cross_entropy_with_logits(y[:, head], logit[:, 0]))
            for head, logit in enumerate(self._logits((a, b), self._by_layer(weights), self._frame(a, tf.shape(a)[1])))
        ]
        # No persistent tape, for which TensorFlow also compiles the gradients of a loop's gradients: 1.5 s instead of 0.6.
        return [tf.gradients(loss, weights) for loss in mean_losses]

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
        # What a row's loss weighs in its batch, and its labels: (steps, batch, 2).
        shares = (counted / tf.reduce_sum(counted, 1, keepdims=True))[:, :, None] * loss_weights[:, None]
        shares, labels = shares * tf.gather(labelled, rows), tf.gather(y, rows)
        frame = self._frame(a, tf.shape(rows)[1])

        def update(step: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
            tweets = tf.gather(a, rows[step], axis=1), tf.gather(b, rows[step], axis=1)
            return step + 1, total + self._update(tweets, labels[step], shares[step], frame)

        variables = self.model.trainable_variables
        self._row.assign(tf.concat([tf.reshape(variable.value, [-1]) for variable in variables], 0))
        *_, total = tf.while_loop(lambda step, _: step < stop, update, (start, tf.zeros([])), parallel_iterations=1)
        for variable, value in zip(variables, _cut(self._row.value, [v.shape for v in variables]), strict=True):
            variable.assign(value)
        return total

    def _update(self, tweets: tuple[Tensor, Tensor], labels: Tensor, shares: Tensor, frame: Frame) -> Tensor:
        row = self._row.value
        with tf.GradientTape() as tape:
            tape.watch(row)
            logits = self._logits(tweets, self._in_row(row), frame)
        both = tf.concat(logits, 1)
        # The derivative of the cross-entropy, in few operations.
        pulls = tf.split(shares * (tf.sigmoid(both) - labels), 2, 1)
        self._optimizer.apply([tape.gradient(logits, row, output_gradients=pulls)], [self._row])
        return tf.reduce_sum(shares * (tf.nn.softplus(both) - labels * both))

    def _frame(self, tweets: Tensor, rows: Tensor) -> Frame:
        return frame_of(tf.shape(tweets)[0], rows, self.model.get_layer(self._encoders[0]).units)

    def _by_layer(self, weights: list[Tensor]) -> _ByLayer:
        """Weights in `model.weights` order, by layer; those of an LSTM stacked."""
        values = iter(weights)
        of = {layer.name: tuple(next(values) for _ in layer.weights) for layer in self.model.layers}
        return {name: stacked(own) if name in self._encoders else own for name, own in of.items()}

    def _in_row(self, row: Tensor) -> _ByLayer:
        """The same out of the row of them all, where an LSTM's kernel and recurrent kernel are one piece already."""
        shapes = {layer.name: self._piece_shapes(layer) for layer in self.model.layers}
        pieces = iter(_cut(row, [shape for own in shapes.values() for shape in own]))
        return {name: tuple(next(pieces) for _ in own) for name, own in shapes.items()}

    def _piece_shapes(self, layer: keras.Layer) -> list[tuple[int, ...]]:
        shapes = [tuple(weight.shape) for weight in layer.weights]
        if layer.name not in self._encoders:
            return shapes
        (features, gates), (units, _), bias = shapes
        return [(features + units, gates), bias]

    def _logits(self, tweets: tuple[Tensor, Tensor], of: _ByLayer, frame: Frame) -> list[Tensor]:
        """Each head's log odds, (n, 1); `mtl_core.forward` says the same in numpy."""
        encoded = [lstm(self._variant, x, of[name], frame) for x, name in zip(tweets, self._encoders, strict=True)]
        # What a detached head reads is the same, but no gradient goes back through it.
        seen = [[tf.stop_gradient(x) for x in encoded] if cut else encoded for cut in self._detached]
        if MERGED in of:
            merge = self.model.get_layer(MERGED)
            read = [merge(x) for x in seen] if any(self._detached) else [merge(encoded)] * 2
        else:
            read = [x[head] for head, x in enumerate(seen)]
        if HIDDEN[0] in of:
            read = [tf.nn.relu(_dense(x, of[name])) for name, x in zip(HIDDEN, read, strict=True)]
        return [_dense(x, of[name]) for name, x in zip(OUTPUTS, read, strict=True)]


def _cut(row: Tensor, shapes: Sequence[tuple[int, ...]]) -> list[Tensor]:
    """Tensors of these shapes, which lie in the row one after the other."""
    parts = tf.split(row, [math.prod(shape) for shape in shapes])
    return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def _dense(x: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
    kernel, bias = weights
    return tf.nn.bias_add(x @ kernel, bias)


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
