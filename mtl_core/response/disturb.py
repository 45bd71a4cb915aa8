"""How each head's loss responds to each input: by disturbing it, by fixing what it knows, and by differentiating.

`respond` is permutation importance at every dose (Breiman 2001; Fisher, Rudin and Dominici 2019): if a head relies on an
input, its loss rises when rows are dealt other rows' inputs. Where no path leads from the input to the head the curve is
flat *bit for bit*, because nothing that the head computes with changes: each distinct sequence is encoded once, in blocks
that are the same at every dose, and the heads read encodings that are gathered. No case is treated specially.

A head that has learned to trust an input is misled when it is shuffled, so shuffling costs more than the input is worth.
What it is worth is the distance between two Bayes risks, see `mtl_core.theory`.

A cost of nothing is not yet indifference: a head may answer many rows differently and be wrong as often as before. So the
share of answers that change is counted beside the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from mtl_core.data import Split
from mtl_core.forward import losses
from mtl_core.records import Response, mean_and_interval
from mtl_core.response.subject import Pair, Perturbation, Subject, affordable
from mtl_core.spec import INPUTS, Float32, Float64

__all__ = ["Perturbation", "respond"]


def respond(
    model: Any,
    split: Split,
    *,
    perturbation: Perturbation = "permute",
    levels: int = 11,
    repeats: int = 8,
    seed: int = 0,
) -> Response:
    """Each head's loss against how much of each input is disturbed.

    Parameters
    ----------
    model : keras.Model
        Made by `mtl_core.model.build_model`.
    split : Split
        Of a large shape only the first rows are used.
    perturbation : {"permute", "noise", "fade"}
        permute: that share of rows takes another row's input, and none of them keeps its own. noise: x + level·sd·ε with
        ε ~ N(0, 1) and sd the input's standard deviation, feature by feature. fade: (1 - level)·x; nothing is drawn, so
        nothing is repeated.
    levels : int
        Evenly from 0 to 1, at least 2.
    repeats : int
        At least 1. All levels of a repeat use the same draws.
    seed : int

    Returns
    -------
    Response
        With the rows and repeats that were used. The interval covers the draws, not the choice of rows.

    Raises
    ------
    ValueError
        If an argument is none of these.
    """
    if perturbation not in get_args(Perturbation) or levels < 2 or repeats < 1:
        choices = ", ".join(get_args(Perturbation))
        raise ValueError(
            f"perturbation is {perturbation!r}, levels {levels!r} and repeats {repeats!r}; "
            f"they must be one of {choices}, at least 2 and at least 1"
        )
    doses = np.linspace(0.0, 1.0, levels)
    if perturbation == "fade":
        repeats = 1  # nothing is drawn, so another time is the same
    rows, repeats = affordable(model, split, perturbation, levels, repeats)
    subject = Subject.of(model, split, rows)
    encoded = subject.encode(*subject.tweets)
    undisturbed = [logit > 0 for logit in subject.readout.logits(*encoded)]
    loss, hits, changed = np.empty((3, repeats, levels, 2, 2))
    for (repeat, level), disturbed in _disturbed(subject, encoded, perturbation, doses, repeats, seed):
        for i, read in enumerate(((disturbed[0], encoded[1]), (encoded[0], disturbed[1]))):
            for head, (logit, y) in enumerate(zip(subject.readout.logits(*read), subject.labels, strict=True)):
                loss[repeat, level, head, i] = losses(logit, y).mean()
                hits[repeat, level, head, i] = np.mean((logit > 0) == (y > 0.5))
                changed[repeat, level, head, i] = np.mean((logit > 0) != undisturbed[head])
    mean, low, high = (np.moveaxis(x, 0, -1) for x in mean_and_interval(loss))
    accuracy, flipped = (np.moveaxis(mean_and_interval(x)[0], 0, -1) for x in (hits, changed))
    return Response(perturbation, doses, mean, low, high, accuracy, repeats=repeats, rows=rows, changed=flipped)


def _disturbed(
    subject: Subject, encoded: Pair, perturbation: Perturbation, doses: Float64, repeats: int, seed: int
) -> Iterator[tuple[tuple[int, int], Pair]]:
    """For each (repeat, level), encodings of both tweets as that level leaves them."""
    for repeat in range(repeats):
        stream = np.random.default_rng([seed, repeat])
        if perturbation == "permute":
            orders = [stream.permutation(len(encoded[0])) for _ in INPUTS]
            for level, dose in enumerate(doses):
                a, b = (x[_dealt(order, dose)] for x, order in zip(encoded, orders, strict=True))
                yield (repeat, level), (a, b)
            continue
        noise = [_noise(stream, x) for x in subject.tweets] if perturbation == "noise" else subject.tweets
        sign = 1 if perturbation == "noise" else -1
        for level, dose in enumerate(doses):
            sums = (_Sum(x, np.float32(sign * dose), y) for x, y in zip(subject.tweets, noise, strict=True))
            yield (repeat, level), subject.encode(*sums)


def _noise(stream: np.random.Generator, x: Float32) -> Float32:
    noise: Float32 = stream.standard_normal(x.shape, dtype=np.float32)
    noise *= x.std(axis=(0, 1))
    return noise


class _Sum:
    """x + dose·y, computed for the rows that are asked for: all of them at once would be as large as the data."""

    def __init__(self, x: Float32, dose: np.float32, y: Float32) -> None:
        self._x, self._dose, self._y = x, dose, y
        self.shape = x.shape

    def __getitem__(self, rows: tuple[slice, ...]) -> Float32:
        return self._x[rows] + self._dose * self._y[rows]


def _dealt(order: npt.NDArray[np.int64], dose: float) -> npt.NDArray[np.int64]:
    """Whose input each row gets: the first rows of `order` pass theirs round in a circle, the others keep theirs."""
    count = round(dose * len(order))
    source = np.arange(len(order))
    # A single row has nobody to exchange with, so it copies.
    source[order[:count]] = np.roll(order[: max(count, 2)], 1)[:count]
    return source
