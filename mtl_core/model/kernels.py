"""The LSTM as one differentiable function, in the forms that pay at different shapes.

    i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)      z = x_t W + h R + b      (Keras's order of gates)
    c ← f·c + i·g                                        h ← o·tanh(c)

`block` is TensorFlow's fused `BlockLSTMV2`. TensorFlow registers the gradient of version 1 for it, whose gates come in
another order: the loss still falls, but the weights drift by 0.07 in two epochs. So its gradient is given here,
explicitly, as `BlockLSTMGradV2`. `scan` is a loop over time that multiplies all inputs by W beforehand in one product,
with backpropagation through time written out, so that the gradients of W and R are one product each as well.

The two tweets are encoded by two calls side by side, one a core, also where they share their weights: a training step
takes 0.6 ms instead of 0.7 with one call on both stacked (20 x 8, 16 units), 3.8 instead of 6.6 (40 x 16, 64 units), and
a shared encoder does the same arithmetic as separate ones, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from mtl_core.model.variants import Variant, variant_of
from mtl_core.spec import Float32

__all__ = ["Frame", "encode_rows", "frame_of", "input_gradients", "lstm", "stacked"]

Tensor = Any
Weights = tuple[Tensor, Tensor, Tensor]
"""Kernel (D, 4u), recurrent kernel (u, 4u) and bias (4u,), as Keras keeps them."""

_BLOCK_BYTES = 16_000_000
"""Most memory for the rows of one call on one tweet, and for its gates."""


class Frame(NamedTuple):
    """What every call on n tweets of T steps needs besides tweets and weights; a loop over batches makes it once.

    `scan` needs `start` only.

    Parameters
    ----------
    steps : int64 tensor ()
        T.
    start : tensor (n, u)
        The state before the first step: zeros.
    peephole : tensor (u,)
        Weights that Keras's LSTM does not have: zeros.
    no_gradient : tensor (T, n, u)
        The gradient of every cell state, and of every hidden state but the last: zeros.
    """

    steps: Tensor
    start: Tensor
    peephole: Tensor
    no_gradient: Tensor


def frame_of(timesteps: Tensor, rows: Tensor, units: Tensor) -> Frame:
    """The frame for calls on `rows` tweets of `timesteps` steps; each argument is a whole number, or a tensor that holds one."""
    return Frame(
        tf.cast(timesteps, tf.int64),
        tf.zeros([rows, units]),
        tf.zeros([units]),
        tf.zeros([timesteps, rows, units]),
    )


def stacked(weights: Weights) -> tuple[Tensor, Tensor]:
    """Kernel above recurrent kernel, (D + u, 4u), and the bias: what `lstm` takes."""
    kernel, recurrent, bias = weights
    return tf.concat([kernel, recurrent], 0), bias


def lstm(variant: Variant, x: Tensor, weights: tuple[Tensor, Tensor], frame: Frame) -> Tensor:
    """Encode sequences; differentiable in `x` and in the weights.

    Parameters
    ----------
    variant : Variant
    x : tensor (T, n, D)
    weights : tensor (D + u, 4u), tensor (4u,)
        As `stacked` gives them.
    frame : Frame
        For the shape of `x`.

    Returns
    -------
    tensor (n, u)
        The last hidden state.
    """
    with_gradient = _WITH_GRADIENT[variant]
    return tf.custom_gradient(lambda *inputs: with_gradient(*inputs, frame))(x, *weights)


def encode_rows(
    tweets: tuple[Tensor, Tensor],
    weights: tuple[Weights, Weights],
    between: Callable[[], None] = lambda: None,
) -> tuple[Float32, Float32]:
    """Encodings of both tweets for many rows, a block of rows at a time.

    The blocks follow from the shapes alone, so equal rows at equal places get equal bits.

    Parameters
    ----------
    tweets : pair of arrays or tensors (T, n, D), or of what has a shape and gives an array for a slice of rows
    weights : pair of Weights
    between : callable
        Called before each block; may raise to give up.

    Returns
    -------
    pair of arrays (n, u)
    """
    encoded: list[tuple[Float32, Float32]] = []
    for rows in _row_blocks(tweets[0].shape, weights[0][1].shape[0]):
        between()
        a, b = _ENCODE_BOTH[_forward(weights[0])](tweets[0][:, rows], tweets[1][:, rows], *weights)
        encoded.append((a.numpy(), b.numpy()))
    return np.concatenate([a for a, _ in encoded]), np.concatenate([b for _, b in encoded])


def input_gradients(x: Tensor, weights: Weights, direction: Tensor) -> Float32:
    """Gradients in `x` (T, n, D) of `direction · encoding`, row by row; `direction` is (n, u)."""
    blocks = [
        _INPUT_GRADIENTS[_forward(weights)](x[:, rows], weights, direction[rows]).numpy()
        for rows in _row_blocks(x.shape, direction.shape[1])
    ]
    return np.concatenate(blocks, axis=1)


def _forward(weights: Weights) -> Variant:
    features, gates = weights[0].shape
    return variant_of(features, gates // 4)


def _row_blocks(shape: tuple[int, ...], units: int) -> Iterator[slice]:
    timesteps, rows, features = shape
    size = max(1, _BLOCK_BYTES // (4 * timesteps * max(4 * units, features)))
    return (slice(start, start + size) for start in range(0, rows, size))


def _block_with_gradient(x: Tensor, kernels: Tensor, bias: Tensor, frame: Frame) -> tuple[Tensor, Callable[..., Any]]:
    """BlockLSTMV2 from zero states, without peepholes or clipping."""
    same = {
        "seq_len_max": frame.steps,
        "x": x,
        "cs_prev": frame.start,
        "h_prev": frame.start,
        "w": kernels,
        "wci": frame.peephole,
        "wcf": frame.peephole,
        "wco": frame.peephole,
        "b": bias,
        "use_peephole": False,
    }
    states = tf.raw_ops.BlockLSTMV2(**same, cell_clip=0.0)

    def gradients(d_last: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        d_hidden = tf.concat([frame.no_gradient[1:], d_last[None]], 0)
        back = tf.raw_ops.BlockLSTMGradV2(**same, **states._asdict(), cs_grad=frame.no_gradient, h_grad=d_hidden)
        return back.x_grad, back.w_grad, back.b_grad

    return states.h[-1], gradients


def _scan_with_gradient(x: Tensor, kernels: Tensor, bias: Tensor, frame: Frame) -> tuple[Tensor, Callable[..., Any]]:
    features, steps, start = tf.shape(x)[2], tf.shape(x)[0], frame.start
    kernel, recurrent = kernels[:features], kernels[features:]
    recurrent.set_shape([start.shape[1], kernels.shape[1]])  # Where the number of units is known, the loops keep it.
    driven = _driven(x, kernel, bias)
    history = tuple(tf.TensorArray(tf.float32, size=steps) for _ in range(3))

    def forward(t: Tensor, h: Tensor, c: Tensor, history: tuple[Any, ...]) -> tuple[Any, ...]:
        gates = _gates(driven[t] + h @ recurrent)
        written = tuple(
            array.write(t, value) for array, value in zip(history, (tf.concat(gates, 1), h, c), strict=True)
        )
        return t + 1, *_next_state(gates, c), written

    *_, last, last_cell, history = tf.while_loop(
        lambda t, *_: t < steps, forward, (0, start, start, history), maximum_iterations=steps
    )
    all_gates, hidden, cells = (array.stack() for array in history)

    def gradients(d_last: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        back_through = tf.transpose(recurrent)

        def backward(t: Tensor, dh: Tensor, dc: Tensor, c: Tensor, d_driven: Any) -> tuple[Any, ...]:
            i, f, g, o = tf.split(all_gates[t], 4, axis=1)
            squashed, before = tf.tanh(c), cells[t]
            dc += dh * o * (1 - squashed * squashed)
            dz = tf.concat(
                [dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g * g), dh * squashed * o * (1 - o)], 1
            )
            return t - 1, dz @ back_through, dc * f, before, d_driven.write(t, dz)

        *_, d_driven = tf.while_loop(
            lambda t, *_: t >= 0,
            backward,
            (steps - 1, d_last, tf.zeros_like(d_last), last_cell, tf.TensorArray(tf.float32, size=steps)),
            maximum_iterations=steps,
        )
        dz = _rows(d_driven.stack())
        return (
            tf.reshape(tf.matmul(dz, kernel, transpose_b=True), tf.shape(x)),
            tf.concat([tf.matmul(_rows(driver), dz, transpose_a=True) for driver in (x, hidden)], 0),
            tf.reduce_sum(dz, 0),
        )

    return last, gradients


_WITH_GRADIENT: Mapping[Variant, Callable[..., Any]] = {"block": _block_with_gradient, "scan": _scan_with_gradient}


def _scan_forward(x: Tensor, weights: Weights) -> Tensor:
    """The same loop without the history that only a gradient needs."""
    kernel, recurrent, bias = weights
    steps, start = tf.shape(x)[0], tf.zeros([tf.shape(x)[1], tf.shape(recurrent)[0]])
    driven = _driven(x, kernel, bias)

    def forward(t: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return t + 1, *_next_state(_gates(driven[t] + h @ recurrent), c)

    return tf.while_loop(lambda t, *_: t < steps, forward, (0, start, start), maximum_iterations=steps)[1]


def _framed(variant: Variant, x: Tensor, weights: Weights) -> Tensor:
    """One call, in a frame of its own."""
    shape = tf.shape(x)
    return lstm(variant, x, stacked(weights), frame_of(shape[0], shape[1], tf.shape(weights[1])[0]))


def _rows(x: Tensor) -> Tensor:
    """(T, n, k) as (T·n, k)."""
    return tf.reshape(x, [-1, tf.shape(x)[2]])


def _driven(x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    """x_t W + b for all steps at once, (T, n, 4u)."""
    return tf.reshape(_rows(x) @ kernel + bias, [tf.shape(x)[0], tf.shape(x)[1], -1])


def _gates(z: Tensor) -> tuple[Tensor, ...]:
    i, f, g, o = tf.split(z, 4, axis=1)
    return tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)


def _next_state(gates: tuple[Tensor, ...], c: Tensor) -> tuple[Tensor, Tensor]:
    i, f, g, o = gates
    c = f * c + i * g
    return o * tf.tanh(c), c


_SEQUENCES = tf.TensorSpec([None, None, None])
_WEIGHTS = (tf.TensorSpec([None, None]), tf.TensorSpec([None, None]), tf.TensorSpec([None]))


def _encoder(variant: Variant) -> Any:
    """One compiled function for all shapes."""

    def encode(x: Tensor, weights: Weights) -> Tensor:
        return _framed(variant, x, weights) if variant == "block" else _scan_forward(x, weights)

    def encode_both(a: Tensor, b: Tensor, weights_a: Weights, weights_b: Weights) -> tuple[Tensor, Tensor]:
        return encode(a, weights_a), encode(b, weights_b)

    return tf.function(encode_both, input_signature=[_SEQUENCES, _SEQUENCES, _WEIGHTS, _WEIGHTS], autograph=False)


def _input_gradients(variant: Variant) -> Any:
    """One compiled function for all shapes."""

    def gradients(x: Tensor, weights: Weights, direction: Tensor) -> Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            encoded = _framed(variant, x, weights)
        return tape.gradient(encoded, x, output_gradients=direction)

    return tf.function(gradients, input_signature=[_SEQUENCES, _WEIGHTS, tf.TensorSpec([None, None])], autograph=False)


_FORWARD_VARIANTS: tuple[Variant, ...] = ("block", "scan")
_ENCODE_BOTH = {variant: _encoder(variant) for variant in _FORWARD_VARIANTS}
_INPUT_GRADIENTS = {variant: _input_gradients(variant) for variant in _FORWARD_VARIANTS}
