"""An epoch of the default models, written out in JAX: the peer of whoever would do without Keras and TensorFlow.

Two scans, over the batches of an epoch and over the time steps of a tweet, and everything compiled as one program. Both tweets go
through the shared LSTM as one stack of rows. The optimizer is `keras.optimizers.RMSprop` with its defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mtl_core.spec import ExperimentSpec

__all__ = ["jax_epoch"]


def jax_epoch(spec: ExperimentSpec) -> Callable[[], list[Any]]:
    """A function that trains one epoch and returns the weights, in `keras.Model.weights` order.

    Parameters
    ----------
    spec : ExperimentSpec
        A shared encoder, encodings merged by concatenation, no hidden layers, rmsprop, full batches.
    """
    import jax
    import jax.numpy as jnp
    import numpy as np

    from mtl_core.data import make_task
    from mtl_core.model import build_model

    task = make_task(spec.data, spec.train.seed).train
    steps, size = spec.data.n_train // spec.train.batch_size, spec.train.batch_size
    tweets = [np.reshape(x, (steps, size, *x.shape[1:])).transpose(0, 2, 1, 3) for x in (task.a, task.b)]
    x = jnp.asarray(np.concatenate(tweets, axis=2))  # (steps, T, 2 B, D)
    y = jnp.asarray(np.concatenate([task.y1, task.y2], axis=1).reshape(steps, size, 2))

    def encoded(x: Any, kernel: Any, recurrent: Any, bias: Any) -> Any:
        def step(state: Any, driven: Any) -> Any:
            h, c = state
            i, f, g, o = jnp.split(driven + h @ recurrent, 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        start = jnp.zeros((x.shape[1], recurrent.shape[0]))
        return jax.lax.scan(step, (start, start), x @ kernel + bias)[0][0]

    def loss(weights: Any, x: Any, y: Any) -> Any:
        *lstm, kernel1, bias1, kernel2, bias2 = weights
        merged = jnp.concatenate(jnp.split(encoded(x, *lstm), 2), axis=1)
        logits = jnp.concatenate([merged @ kernel1 + bias1, merged @ kernel2 + bias2], axis=1)
        return jnp.sum(jnp.mean(jnp.logaddexp(0, logits) - y * logits, axis=0))

    def update(state: Any, batch: Any) -> Any:
        weights, squares = state
        gradients = jax.grad(loss)(weights, *batch)
        squares = [0.9 * s + 0.1 * g * g for s, g in zip(squares, gradients, strict=True)]
        moved = zip(weights, gradients, squares, strict=True)
        return ([w - spec.train.learning_rate * g / jnp.sqrt(s + 1e-7) for w, g, s in moved], squares), None

    @jax.jit
    def epoch(state: Any, x: Any, y: Any) -> Any:
        return jax.lax.scan(update, state, (x, y))[0]

    weights = [jnp.asarray(w) for w in build_model(spec.model, spec.data, spec.train.seed).get_weights()]
    state = (weights, [jnp.zeros_like(w) for w in weights])

    def train() -> list[Any]:
        nonlocal state
        state = jax.block_until_ready(epoch(state, x, y))
        return [np.asarray(w) for w in state[0]]

    return train
