"""How each head's loss responds to each input: by disturbing it, by fixing what it knows, and by differentiating.

`respond` is permutation importance at every dose (Breiman 2001; Fisher, Rudin and Dominici 2019): if a head relies on an
input, its loss rises when rows are dealt other rows' inputs. Where no path leads from the input to the head the curve is
flat *bit for bit*, because nothing that the head computes with changes: each distinct sequence is encoded once, in blocks
that are the same at every dose, and the heads read encodings that are gathered. No case is treated specially.

A head that has learned to trust an input is misled when it is shuffled, so shuffling costs more than the input is worth.
What it is worth is the distance between two Bayes risks, see `mtl_core.theory`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

import numpy as np
import numpy.typing as npt

from mtl_core.data import Split, label_probability, tweets_with_evidence
from mtl_core.intervals import mean_and_interval
from mtl_core.kernels import encode_rows, input_gradients
from mtl_core.model import encoder_weights
from mtl_core.readout import Readout, losses
from mtl_core.records import INPUTS, OUTPUTS, OWN_INPUT, Float32, Float64, Response, WhatIf
from mtl_core.spec import DataSpec

__all__ = ["Perturbation", "block_scale", "jacobian", "respond", "what_if"]

Perturbation = Literal["permute", "noise", "fade"]
Pair = tuple[Float32, Float32]

_SECONDS = {"permute": 0.6, "fade": 0.6, "noise": 2.5}
"""Aim for an answer. A larger shape gets fewer repeats (of noise), then fewer rows; see `_affordable`."""
_FEWEST_REPEATS, _FEWEST_ROWS = 2, 64


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
    rows, repeats = _affordable(model, split, perturbation, levels, repeats)
    subject = _Subject.of(model, split, rows)
    encoded = subject.encode(*subject.tweets)
    loss, hits = np.empty((2, repeats, levels, 2, 2))
    for (repeat, level), disturbed in _disturbed(subject, encoded, perturbation, doses, repeats, seed):
        for i, read in enumerate(((disturbed[0], encoded[1]), (encoded[0], disturbed[1]))):
            for head, (logit, y) in enumerate(zip(subject.readout.logits(*read), subject.labels, strict=True)):
                loss[repeat, level, head, i] = losses(logit, y).mean()
                hits[repeat, level, head, i] = np.mean((logit > 0) == (y > 0.5))
    mean, low, high = (np.moveaxis(x, 0, -1) for x in mean_and_interval(loss))
    accuracy = np.moveaxis(mean_and_interval(hits)[0], 0, -1)
    return Response(perturbation, doses, mean, low, high, accuracy, repeats=repeats, rows=rows)


def what_if(
    model: Any,
    data: DataSpec,
    *,
    head: str,
    own_evidence: float,
    other_evidence: npt.ArrayLike,
    seed: int = 0,
) -> WhatIf:
    """A head's answer when the evidence of its own tweet is fixed and that of the other tweet varies.

    All tweets carry exactly the evidence asked for, and share one noise.

    Parameters
    ----------
    model : keras.Model
    data : DataSpec
    head : {"predictions1", "predictions2"}
    own_evidence : float
        In standard deviations.
    other_evidence : array (K,)
    seed : int
        Of the noise.

    Raises
    ------
    ValueError
        If there is no such head.
    """
    if head not in OUTPUTS:
        raise ValueError(f"head is {head!r}; it must be one of {', '.join(OUTPUTS)}")
    own, others = float(own_evidence), np.atleast_1d(np.asarray(other_evidence, np.float64))
    k = OUTPUTS.index(head)
    wanted = [others, others]
    wanted[INPUTS.index(OWN_INPUT[head])] = np.full_like(others, own)
    a, b = tweets_with_evidence(data, "a", wanted[0], seed), tweets_with_evidence(data, "b", wanted[1], seed)
    encoded = list(encode_rows((_time_major(a), _time_major(b)), encoder_weights(model)))
    # One tweet, one encoding, and one row at a time: at another place in a block the last digits could be others.
    encoded[k] = np.repeat(encoded[k][:1], len(others), axis=0)
    readout, each = Readout.of(model), [slice(i, i + 1) for i in range(len(others))]
    rows = [readout.logits(encoded[0][row], encoded[1][row])[k] for row in each]
    logit = np.concatenate(rows).astype(np.float64)
    ideal = label_probability(data, own, others)
    loss = ideal * np.logaddexp(0.0, -logit) + (1 - ideal) * np.logaddexp(0.0, logit)
    return WhatIf(probability=np.exp(-np.logaddexp(0.0, -logit)), expected_loss=loss, ideal_probability=ideal)


def jacobian(model: Any, split: Split) -> Float64:
    """How strongly each step of each tweet moves each head's logit.

    Parameters
    ----------
    model : keras.Model
    split : Split
        Of a large shape only the first rows are used.

    Returns
    -------
    array (2 heads, 2 inputs, T)
        Mean over rows of the L2 norm over features of d(logit)/d(x_t). Exactly 0 where no path exists.
    """
    rows, _ = _affordable(model, split, "permute", levels=12, repeats=1)
    subject = _Subject.of(model, split, rows)
    encoded = subject.encode(*subject.tweets)
    norms = np.empty((2, 2, subject.tweets[0].shape[0]))
    for head in (0, 1):
        for i, direction in enumerate(subject.readout.gradients(head, *encoded)):
            gradient = input_gradients(subject.tweets[i], subject.weights[i], direction)
            norms[head, i] = np.linalg.norm(gradient, axis=2).mean(axis=1, dtype=np.float64)
    return norms


def block_scale(model: Any, split: Split, alphas: npt.ArrayLike) -> Float64:
    """Each head's loss when what it reads of the other tweet is multiplied by a number.

    A kernel on a concatenation is [block for own | block for other]: multiplying the second block by α is the same as
    multiplying the other encoding by α, and with a hidden layer it is that layer's kernel. At 0 the head reads what case
    2 reads; its score is that of a case 2 that was never trained to do without.

    Parameters
    ----------
    model : keras.Model
        With merge "concatenate".
    split : Split
        Of a large shape only the first rows are used.
    alphas : array (A,)

    Returns
    -------
    array (2 heads, A)
        Nats.

    Raises
    ------
    ValueError
        If the model does not concatenate: then no block belongs to the other tweet.
    """
    scales = np.atleast_1d(np.asarray(alphas, np.float32))
    rows, _ = _affordable(model, split, "permute", len(scales), repeats=1)
    subject = _Subject.of(model, split, rows)
    if subject.readout.merge != "concatenate":
        raise ValueError(
            f"the model's merge is {subject.readout.merge!r}; only a head on a concatenation has a block of weights "
            "for the other tweet"
        )
    a, b = subject.encode(*subject.tweets)
    logits = [(subject.readout.logits(a, s * b)[0], subject.readout.logits(s * a, b)[1]) for s in scales]
    return np.array(
        [[losses(both[head], subject.labels[head]).mean() for both in logits] for head in (0, 1)], dtype=np.float64
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Subject:
    """A trained model and the rows it is questioned on; tweets are time-major, (T, n, D)."""

    readout: Readout
    weights: tuple[Any, Any]
    tweets: Pair
    labels: Pair

    @classmethod
    def of(cls, model: Any, split: Split, rows: int) -> Self:
        return cls(
            readout=Readout.of(model),
            weights=encoder_weights(model),
            tweets=(_time_major(split.a[:rows]), _time_major(split.b[:rows])),
            labels=(split.y1[:rows, 0], split.y2[:rows, 0]),
        )

    def encode(self, a: Float32, b: Float32) -> Pair:
        return encode_rows((a, b), self.weights)


def _disturbed(
    subject: _Subject, encoded: Pair, perturbation: Perturbation, doses: Float64, repeats: int, seed: int
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
        added = [_noise(stream, x) if perturbation == "noise" else -x for x in subject.tweets]
        for level, dose in enumerate(doses):
            a, b = (x + np.float32(dose) * y for x, y in zip(subject.tweets, added, strict=True))
            yield (repeat, level), subject.encode(a, b)


def _noise(stream: np.random.Generator, x: Float32) -> Float32:
    noise: Float32 = stream.standard_normal(x.shape, dtype=np.float32) * x.std(axis=(0, 1))
    return noise


def _dealt(order: npt.NDArray[np.int64], dose: float) -> npt.NDArray[np.int64]:
    """Whose input each row gets: the first rows of `order` pass theirs round in a circle, the others keep theirs."""
    count = round(dose * len(order))
    source = np.arange(len(order))
    # A single row has nobody to exchange with, so it copies.
    source[order[:count]] = np.roll(order[: max(count, 2)], 1)[:count]
    return source


def _affordable(model: Any, split: Split, perturbation: Perturbation, levels: int, repeats: int) -> tuple[int, int]:
    """Rows and repeats that take about `_SECONDS`, from shapes alone: nothing is timed, so the answer repeats."""
    timesteps, features = split.a.shape[1:]
    units = len(encoder_weights(model)[0][1])
    its_hidden = Readout.of(model).hidden
    hidden = len(its_hidden[0][1]) if its_hidden else 1
    encode: float = timesteps * units * (8 * (features + units) / 3e10 + 8e-9)
    read: float = 1e-7 + 16 * units * hidden / 4e10
    budget = _SECONDS[perturbation]

    def row_seconds(times: int) -> float:
        return (1 if perturbation == "permute" else levels * times) * encode + levels * times * read

    if perturbation == "noise":
        while repeats > _FEWEST_REPEATS and row_seconds(repeats) * len(split.a) > budget:
            repeats -= 1
    rows = max(_FEWEST_ROWS, int(budget / row_seconds(repeats)))
    return min(rows, len(split.a)), repeats


def _time_major(x: Float32) -> Float32:
    return np.ascontiguousarray(x.transpose(1, 0, 2))
