"""Which inputs does each head of my model rely on? Shuffle one input at a time: how many answers change, and what does it cost?"""

from typing import NamedTuple

import numpy as np


class Effect(NamedTuple):
    """What shuffling one input does to one head, on average over the shuffles."""

    cost: float  # rise of the loss
    low: float  # its 95 % interval over the shuffles (not over the choice of rows)
    high: float
    changed: float  # share of rows whose answer is another one, 0 to 1
    moved: float  # mean distance between an output before and after


def shuffle_test(model, inputs, targets, loss, repeats=8, seed=0, batch_size=256):
    """What shuffling each input between the rows does to each head.

    model    any keras.Model, whatever its backend: nothing but model.predict is used
    inputs   as for model.predict: a list of arrays, or a dict of arrays by name; rows that it was not trained on
    targets  an array for each output, in the same list or dict as model.predict gives them
    loss     a name in LOSSES, or a function (y_true, y_pred) that gives one; or a list or dict with one for each output
    returns  {(head, input): Effect}
    """
    generator = np.random.default_rng(seed)
    names = {key: key if isinstance(inputs, dict) else model.inputs[key].name for key in _keys(inputs)}

    def answers(rows):
        given = model.predict(rows, batch_size=batch_size, verbose=0)
        return given if isinstance(given, (list, dict)) else [given]

    before = answers(inputs)
    heads = {key: key if isinstance(before, dict) else _output_name(model, key) for key in _keys(before)}
    wanted = targets if isinstance(targets, (list, dict)) else [targets]
    losses = loss if isinstance(loss, (list, dict)) else dict.fromkeys(heads, loss)
    untouched = {key: _loss(losses[key], wanted[key], before[key]) for key in heads}
    effects = {}
    for key, name in names.items():
        seen = {head: [] for head in heads}
        for _ in range(repeats):
            shuffled = inputs.copy()
            shuffled[key] = np.asarray(inputs[key])[generator.permutation(len(inputs[key]))]
            after = answers(shuffled)
            for head in heads:
                rise = _loss(losses[head], wanted[head], after[head]) - untouched[head]
                changed = np.mean(_answer(losses[head], before[head]) != _answer(losses[head], after[head]))
                seen[head].append((rise, changed, np.mean(np.abs(after[head] - before[head]))))
        for head, rows in seen.items():
            cost, changed, moved = np.mean(rows, axis=0)
            error = 1.96 * np.std(rows, axis=0, ddof=1)[0] / np.sqrt(repeats)
            effects[heads[head], name] = Effect(*map(float, (cost, cost - error, cost + error, changed, moved)))
    return effects


def _binary(y, p):
    return -np.where(np.asarray(y) > 0.5, np.log(np.clip(p, 1e-7, 1)), np.log(np.clip(1 - p, 1e-7, 1)))


LOSSES = {
    "mse": lambda y, p: (y - p) ** 2,
    "mae": lambda y, p: np.abs(y - p),
    "binary_crossentropy": _binary,
    "categorical_crossentropy": lambda y, p: -np.sum(y * np.log(np.clip(p, 1e-7, 1)), axis=-1),
    "sparse_categorical_crossentropy": lambda y, p: (
        -np.log(np.clip(np.take_along_axis(p, np.asarray(y, int).reshape(*p.shape[:-1], 1), axis=-1), 1e-7, 1))
    ),
}


def _loss(loss, y, p):
    function = LOSSES[loss] if isinstance(loss, str) else loss
    return float(np.mean(np.asarray(function(y, p))))


def _answer(loss, p):
    """The class that a head says; the number itself, to four digits of its range, where it says numbers."""
    if loss in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        return np.argmax(p, axis=-1)
    return p >= 0.5 if loss == "binary_crossentropy" else np.round(p / (np.ptp(p) or 1), 4)


def _output_name(model, number):
    return getattr(model, "output_names", ["output"])[number]


def _keys(arrays):
    return list(arrays) if isinstance(arrays, dict) else range(len(arrays))


# Example: replace model, x_test and y_test with your own.
# for (head, name), e in shuffle_test(model, x_test, y_test, "binary_crossentropy").items():
#     print(f"{head} without {name}: {e.changed:.0%} of answers change, loss {e.cost:+.3f} ({e.low:+.3f} to {e.high:+.3f})")
#     print(f"    moved by {e.moved:.2f} here")
# "Moved by 0.00 here" speaks of these rows and these weights. That no path exists is more: then `moved` is exactly 0.
