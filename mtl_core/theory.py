"""The best that any predictor can do: Bayes risks of the two-tweet tasks, by integration or as finite sums.

Given what a predictor may look at, the lowest expected cross-entropy is that of the true conditional probability; with
h(p) = -p ln p - (1-p) ln(1-p), it is E[h(P(y=1 | what it sees))] (Cover and Thomas, Elements of Information Theory, 2006,
section 2.2). The difference of two such risks is a conditional mutual information, so what the other tweet is *worth* is

    value_of_other = own - both = I(y_k; other tweet | own tweet)    in nats.

A network sees tweets, not evidence. But a tweet's evidence is a function of the tweet (the mean of u·x_t, or the sum of its words'
valences), and the label depends on the tweets through their evidence alone; so risks computed on the two evidences are those of the
tweets, whatever T, D, the signal and the angle between the features are.

In words the evidence has 17 levels of known probability, so a risk is a sum over 17 x 17 pairs. In numbers it is N(0, 1), and the
integrals are sums over an even grid of the two evidences. For smooth functions under a Gaussian weight that rule
converges faster than any power of the step (Trefethen and Weideman, SIAM Review 56, 2014): it needs no adaptive method. In both
worlds one table of P(y=1 | a, b) gives all risks at once.

Both heads have the same risk, because exchanging the two tweets exchanges the two tasks. Results are pairs all the same,
head 1 first, since on a finite split (`bayes_loss`) they differ.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mtl_core.data import LEVEL_PROBABILITIES, LEVELS, Labels, Split, label_probability, make_labels
from mtl_core.records import BoundLines, Pair
from mtl_core.spec import DataSpec, Float32, Float64, ModelSpec

__all__ = [
    "BayesAccuracy",
    "BayesRisk",
    "bayes_accuracy",
    "bayes_loss",
    "bayes_risk",
    "best_on_test",
    "bound_lines",
    "lower_bound",
]

_LIMIT, _STEP = 6.0, 0.04
_GRID: Float64 = np.arange(-_LIMIT, _LIMIT + _STEP / 2, _STEP)
_DENSITY: Float64 = np.exp(-(_GRID**2) / 2)
_LAWS: dict[str, tuple[Float64, Float64]] = {
    "numbers": (_GRID, _DENSITY / _DENSITY.sum()),
    "words": (LEVELS, LEVEL_PROBABILITIES),
}
"""By world: values of a tweet's evidence, and their weights in an expectation."""
_FINE_NODES: Float64 = np.linspace(-_LIMIT, _LIMIT, 2001)
"""Close enough for straight lines between them: 1e-5 nats at the largest sharpness."""
_SMALLEST = 1e-15
"""No predicted probability is closer to 0 or 1 when it is scored; such rows do not happen, but rounding does."""


@dataclass(frozen=True, slots=True)
class BayesRisk:
    """Cross-entropy of the best predictors, pairs of nats (head 1, head 2).

    Parameters
    ----------
    both : Pair
        Of all that see both tweets.
    own : Pair
        Of all that see the head's own tweet only.
    additive : Pair
        Of all whose log odds are f(a) + g(b): what one Dense unit on a concatenation can say. Equal to `both` under the
        additive rule. Equal to `own` under the match rule, at every angle: flipping the sign of the own evidence m flips the
        label's odds and is as likely, so (f(m), g) and (-f(-m), -g) cost the same; the loss is convex, so their mean, which has
        g = 0, costs no more. That holds in both worlds, because both laws of the evidence are symmetric.
    symmetric : Pair
        Of all that see both tweets without knowing whose is whose: the risk of (P(a, b) + P(b, a)) / 2.
    """

    both: Pair
    own: Pair
    additive: Pair
    symmetric: Pair

    @property
    def chance(self) -> Pair:
        """Of saying 1/2 always, the best without any tweet: ln 2."""
        return math.log(2), math.log(2)

    @property
    def value_of_other(self) -> Pair:
        """What the other tweet is worth to a head that has its own: I(y_k; other | own), or its estimate on a split."""
        return self.own[0] - self.both[0], self.own[1] - self.both[1]


@dataclass(frozen=True, slots=True)
class BayesAccuracy:
    """Share of right answers, 0..1, of the best predictors: pairs (head 1, head 2)."""

    both: Pair
    own: Pair


def bayes_risk(data: DataSpec) -> BayesRisk:
    """The Bayes risks of a rule, to 1e-4 nats (exact in words); cached, as only world, rule, angle and sharpness matter.

    `data.shuffled_labels` does not matter either: it is about the training split, and these are risks on fresh rows.
    """
    return _risk(_what_matters(data))


def bayes_accuracy(data: DataSpec) -> BayesAccuracy:
    """Share of fresh rows that the best predictors get right, to 1e-3."""
    return _accuracy(_what_matters(data))


def lower_bound(model: ModelSpec, data: DataSpec) -> tuple[str, float]:
    """The line that no trained model of this shape can go below on average over fresh rows.

    It follows from what the heads can see and say, not from how well they were trained. It is a bound, not a promise: an
    LSTM of one unit, or a product without a hidden layer, may be unable to reach it.

    Returns
    -------
    name : {"own", "additive", "symmetric", "both"}
        A field of `BayesRisk`.
    nats : float
        The same for both heads.
    """
    name = _bound_name(model, data)
    return name, float(getattr(bayes_risk(data), name)[0])


def bayes_loss(split: Split | Labels, data: DataSpec) -> BayesRisk:
    """The best predictors' mean loss on these very rows, against which a model's loss on them is fairly drawn.

    A finite split is easier or harder than the average, by about 0.01 nats on 2,048 rows, for everybody alike: so on it a
    model may beat a Bayes *risk*, and hardly ever the same predictor's *loss*.

    Parameters
    ----------
    split : Split or Labels
        Not one with shuffled labels: these predictors expect the true ones.
    data : DataSpec
        The rule that made it.
    """
    both = _score(split, functools.partial(label_probability, data))
    own = _score(split, functools.partial(_own_probability, data))
    symmetric = _score(split, functools.partial(_symmetric_probability, data))
    return BayesRisk(both, own, both if data.rule == "additive" else own, symmetric)


@functools.lru_cache(maxsize=1024)
def best_on_test(data: DataSpec, seed: int) -> Pair:
    """Each head's loss of the best predictors with both tweets on the test rows of a seed; nats."""
    return bayes_loss(make_labels(data, seed, "test"), data).both


def bound_lines(model: ModelSpec, data: DataSpec, risk: BayesRisk) -> BoundLines:
    """The lines that a model's losses are read against.

    Parameters
    ----------
    model : ModelSpec
    data : DataSpec
    risk : BayesRisk
        `bayes_risk(data)`, or `bayes_loss(split, data)` for curves on that split; nats.
    """
    name, _nats = lower_bound(model, data)
    return BoundLines(floor=(name, getattr(risk, name)), both=risk.both, own=risk.own, chance=risk.chance)


_Matters = tuple[str, str, float, float]


def _what_matters(data: DataSpec) -> _Matters:
    return data.tweets, data.rule, data.mixing_deg, data.sharpness


@functools.lru_cache(maxsize=256)
def _risk(matters: _Matters) -> BayesRisk:
    table, (_evidence, weights) = _table(matters), _law(matters)
    both = float(_entropy(table) @ weights @ weights)
    own = float(_entropy(table @ weights) @ weights)
    symmetric = float(_entropy((table + table.T) / 2) @ weights @ weights)
    additive = both if matters[1] == "additive" else own
    return BayesRisk((both, both), (own, own), (additive, additive), (symmetric, symmetric))


@functools.lru_cache(maxsize=256)
def _accuracy(matters: _Matters) -> BayesAccuracy:
    table, (_evidence, weights) = _table(matters), _law(matters)
    both = float(np.maximum(table, 1 - table) @ weights @ weights)
    alone = table @ weights
    own = float(np.maximum(alone, 1 - alone) @ weights)
    return BayesAccuracy((both, both), (own, own))


def _law(matters: _Matters) -> tuple[Float64, Float64]:
    return _LAWS[matters[0]]


def _table(matters: _Matters) -> Float64:
    """P(y = 1) over own (rows) x other (columns) evidence."""
    evidence, _weights = _law(matters)
    return label_probability(_rule(matters), evidence[:, None], evidence)


def _rule(matters: _Matters) -> DataSpec:
    tweets, rule, mixing_deg, sharpness = matters
    return DataSpec(tweets=tweets, rule=rule, mixing_deg=mixing_deg, sharpness=sharpness)


def _entropy(p: Float64) -> Float64:
    """h(p) in nats, 0 at 0 and 1."""
    q = 1 - p
    return np.asarray(-(p * np.log(np.maximum(p, _SMALLEST)) + q * np.log(np.maximum(q, _SMALLEST))))


def _bound_name(model: ModelSpec, data: DataSpec) -> str:
    if model.merge == "none":
        return "own"
    if model.merge in ("add", "multiply") and model.encoder == "shared" and data.feature_angle_deg == 0:
        return "symmetric"
    # A product of encodings can carry how the two match, so only sums are additive.
    return "additive" if model.hidden_units == 0 and model.merge != "multiply" else "both"


def _own_probability(data: DataSpec, own: Float64, _other: Float64) -> Float64:
    """P(y = 1 | own evidence), the other one summed or integrated out."""
    if data.tweets == "words":
        return np.asarray(label_probability(data, own[:, None], LEVELS) @ LEVEL_PROBABILITIES)
    log_odds = np.interp(own, _FINE_NODES, _own_log_odds(_what_matters(data)))
    return np.asarray(np.exp(-np.logaddexp(0.0, -log_odds)))


@functools.lru_cache(maxsize=256)
def _own_log_odds(matters: _Matters) -> Float64:
    """Log odds of y = 1 given a head's own evidence, over `_FINE_NODES`; numbers only."""
    others, weights = _law(matters)
    table = label_probability(_rule(matters), _FINE_NODES[:, None], others)
    p = np.clip(table @ weights, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(np.log(p) - np.log1p(-p))


def _symmetric_probability(data: DataSpec, own: Float64, other: Float64) -> Float64:
    return np.asarray((label_probability(data, own, other) + label_probability(data, other, own)) / 2)


def _score(split: Split | Labels, predict: Callable[[Float64, Float64], Float64]) -> Pair:
    """Each head's loss, where `predict` maps own and other evidence to P(y = 1)."""
    a, b = split.evidence_a, split.evidence_b
    return _loss(split.y1, predict(a, b)), _loss(split.y2, predict(b, a))


def _loss(y: Float32, probability: Float64) -> float:
    """Mean binary cross-entropy in nats."""
    of_the_label = np.where(y[:, 0] > 0, probability, 1 - probability)
    return float(-np.log(np.maximum(of_the_label, _SMALLEST)).mean())
