"""What an experiment *is*, and how it travels in a link.

An experiment is three small frozen records: a model (how the two tweets meet), a data rule (which tweet knows what) and
a training recipe. `ViewSpec` is the fourth: what the visitor is looking at. Together they are the whole state of a screen.

Two doors lead in. Code uses the constructors, which raise `ValueError`. A link uses `from_query`, which never raises: it
takes the nearest legal value and says so.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mtl_core.knobs import Checked, choice, knob, knobs, read_fields, row, write_fields
from mtl_core.words import _

__all__ = [
    "DATA_BYTES_LIMIT",
    "STEP_LIMIT",
    "UPDATE_LIMIT",
    "VERSION",
    "WORK_LIMIT",
    "DataSpec",
    "ExperimentSpec",
    "ModelSpec",
    "TrainSpec",
    "ViewSpec",
    "knob",
    "knobs",
    "unknown_keys",
]

VERSION = 1
"""The link format that is written. Older formats are read with their own defaults for ever, see `_FORMER_DEFAULTS`."""

WORK_LIMIT = 5e11
"""Most epochs x rows x T x 4u(D+u) x encoders of a run: about a minute on two cores (8e9 a second, measured at L)."""

STEP_LIMIT = 600_000
"""Most updates x T of a run: about a minute, because a step in time costs 0.1 ms however small the LSTM is."""

UPDATE_LIMIT = 60_000
"""Most weight updates of a run: about a minute, because an update costs 1 ms however short the sequence is."""

DATA_BYTES_LIMIT = 300_000_000
"""Most bytes of both splits: two float32 inputs of (n, T, D) each."""

_FORMER_DEFAULTS: dict[int, dict[str, Any]] = {1: {}}
"""By link version: the defaults, by short key, that have changed since. Changing a default means: raise `VERSION`, and
write the old value into the row of every older version."""

INSPECTED = ("case1", "case2", "three_heads", "image_text", "siamese", "tickets", "experts", "unet", "own")
"""What can be inspected: the examples by name, in their order, and the visitor's own model. A test holds the examples to it."""

_FOREIGN_KEYS = ("embed", "utm_", "fbclid", "gclid", "ref")
"""Beginnings of keys that Streamlit, hosts and mailers add to links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec(Checked):
    """How the two tweets meet. The defaults are the question's case 1, at 16 units.

    Parameters
    ----------
    merge : {"none", "concatenate", "add", "multiply"}
        What joins the two encodings before the heads; "none" is the question's case 2.
    encoder : {"shared", "separate"}
        One LSTM called on both tweets, or one LSTM each.
    lstm_units : int
        Width of an encoding, 1..256.
    hidden_units : int
        Width of a relu Dense before each head, 0..128; 0 is the question's model.
    """

    merge: str = choice("concatenate", "m", "none", "concatenate", "add", "multiply")
    encoder: str = choice("shared", "e", "shared", "separate")
    lstm_units: int = row(16, "u", "int", 1, 256)
    hidden_units: int = row(0, "h", "int", 0, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec(Checked):
    """Which tweet knows what; `mtl_core.data` gives the formulas.

    Parameters
    ----------
    rule : {"additive", "match"}
        A label follows a weighted sum of both tweets' evidence, or its own and whether the two match.
    mixing_deg : float
        Degrees: 0 (only the own tweet knows) .. 90 (only the other tweet, or only the match).
    feature_angle_deg : float
        Degrees between the informative directions of the two tweets: 0 (same feature) .. 90 (unrelated).
    sharpness : float
        Slope of a label's log odds in the evidence, 0.5..20.
    signal : float
        Correlation of each step with the tweet's hidden mean, 0.1..1.
    timesteps, features : int
        T (1..280) and D (2..256) of an input (n, T, D).
    n_train, n_test : int
        Rows of each split, 64..16384.
    shuffled_labels : {"none", "y1", "y2"}
        Whose training labels are shuffled, which makes that task noise.
    """

    rule: str = choice("additive", "r", "additive", "match")
    mixing_deg: float = row(45.0, "mix", "float", 0, 90)
    feature_angle_deg: float = row(0.0, "fa", "float", 0, 90)
    sharpness: float = row(6.0, "k", "float", 0.5, 20)
    signal: float = row(0.5, "s", "float", 0.1, 1.0)
    timesteps: int = row(20, "t", "int", 1, 280)
    features: int = row(8, "d", "int", 2, 256)
    n_train: int = row(2048, "n", "int", 64, 16384)
    n_test: int = row(2048, "nt", "int", 64, 16384)
    shuffled_labels: str = choice("none", "sh", "none", "y1", "y2")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSpec(Checked):
    """How the weights are learned.

    Parameters
    ----------
    epochs, batch_size : int
        Passes over the training rows (1..200), and rows an update (1..1024).
    optimizer : {"rmsprop", "adam", "sgd"}
        With Keras defaults, but for the rate.
    learning_rate : float
        1e-5..1.
    loss_weights : tuple of float
        Weights of head 1's and head 2's loss in the sum that is minimised, each 0..10.
    seed : int
        Of the data, the initial weights and the order of batches, 0..2**31-1.
    """

    epochs: int = row(12, "ep", "int", 1, 200)
    batch_size: int = row(32, "b", "int", 1, 1024)
    optimizer: str = choice("rmsprop", "o", "rmsprop", "adam", "sgd")
    learning_rate: float = row(0.001, "lr", "float", 1e-5, 1.0)
    loss_weights: tuple[float, float] = row((1.0, 1.0), "w", "pair", 0, 10)
    seed: int = row(0, "seed", "int", 0, 2**31 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSpec:
    """A model, the data it learns and how: everything that decides a run's numbers.

    Raises
    ------
    ValueError
        If the combination costs more than `WORK_LIMIT`, `STEP_LIMIT`, `UPDATE_LIMIT` or `DATA_BYTES_LIMIT`.
    """

    model: ModelSpec = field(default_factory=ModelSpec)
    data: DataSpec = field(default_factory=DataSpec)
    train: TrainSpec = field(default_factory=TrainSpec)

    def __post_init__(self) -> None:
        if problem := _too_much(self.model, self.data, self.train):
            raise ValueError(problem)

    @classmethod
    def question(cls, concatenate: bool = True) -> Self:
        """The learner's own model: 280 x 256 inputs, 64 units, rmsprop at Keras defaults, 256 + 256 rows.

        It shows size, graph and cost; 256 rows are too few for a good score.
        """
        return cls(
            model=ModelSpec(merge="concatenate" if concatenate else "none", lstm_units=64),
            data=DataSpec(timesteps=280, features=256, n_train=256, n_test=256),
        )

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, whichever part they belong to: `spec.replace(merge="none", epochs=3)`.

        Raises
        ------
        ValueError
            If a value or the combination is not legal.
        TypeError
            If no part has such a field.
        """
        parts: dict[str, Any] = {}
        for name, part in self._parts().items():
            mine = {field: changes.pop(field) for field in knobs(part) if field in changes}
            parts[name] = dataclasses.replace(part, **mine)
        if changes:
            raise TypeError(f"an experiment has no field {', '.join(changes)}")
        return type(self)(**parts)

    @property
    def other_case(self) -> Self:
        """The same experiment without its merge, or with `concatenate` if it had none."""
        return self.replace(merge="concatenate" if self.model.merge == "none" else "none")

    def digest(self) -> str:
        """32 hex digits that name this experiment on every machine: equal specs, equal digests."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, by short key; `from_query` is its inverse."""
        query = {"v": str(VERSION)}
        for part in self._parts().values():
            query |= write_fields(part)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The experiment a link names, and a sentence for every value that was not taken as written.

        Never raises. A bad or out-of-range value becomes the nearest legal one or the default. A combination over a
        limit gets fewer epochs, then fewer training rows, then fewer test rows.
        """
        former, notes = _former_defaults(query)
        parts: dict[str, Any] = {}
        for name, part in (("model", ModelSpec), ("data", DataSpec), ("train", TrainSpec)):
            values, problems = read_fields(part, query, former)
            parts[name] = part(**values)
            notes += problems
        return cls(**_lowered(parts, notes)), notes

    def _parts(self) -> dict[str, ModelSpec | DataSpec | TrainSpec]:
        return {"model": self.model, "data": self.data, "train": self.train}


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSpec(Checked):
    """What the visitor is looking at; none of it changes a run's numbers.

    Parameters
    ----------
    epoch : int
        Pinned epoch; -1 follows the newest one.
    head : {"both", "predictions1", "predictions2"}
        Whose readers the graph lights up.
    drawing : {"calls", "cases", "layers", "code"}
        One box a call; both cases side by side; what plot_model draws; the program.
    perturbation : {"permute", "noise", "fade"}
        How the response disturbs an input.
    what_if_head : {"predictions1", "predictions2"}
        The head the what-if asks.
    own, other : float
        Evidence of the what-if tweets, in standard deviations, -3..3.
    scale : float
        What the head's kernel block for the other tweet is multiplied by in the walkthrough, 0..1.
    inspected : str
        Name of the example that is inspected; "own" is the visitor's own model, which never is in a link.
    step : int
        Walkthrough step, counted from 1.
    answers : str
        One character a walkthrough question: the choice committed to, or "-".
    presenter, hide_answers : bool
        Large type without a sidebar; do not show which choice is right.
    language : {"en", "qps"}
        "qps" is the pseudo-locale that finds untranslated and cut-off text.
    """

    epoch: int = row(-1, "at", "int", -1, 200)
    head: str = choice("both", "head", "both", "predictions1", "predictions2")
    drawing: str = choice("calls", "draw", "calls", "cases", "layers", "code")
    perturbation: str = choice("permute", "p", "permute", "noise", "fade")
    what_if_head: str = choice("predictions1", "wh", "predictions1", "predictions2")
    own: float = row(0.5, "own", "float", -3, 3)
    other: float = row(-1.0, "oth", "float", -3, 3)
    scale: float = row(1.0, "sc", "float", 0, 1)
    inspected: str = choice("case2", "insp", *INSPECTED)
    step: int = row(1, "step", "int", 1, 12)
    answers: str = row("", "a", "text", 0, 24, *"-012345")
    presenter: bool = row(False, "pres", "flag")
    hide_answers: bool = row(False, "hide", "flag")
    language: str = choice("en", "lang", "en", "qps")

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, by short key; `from_query` is its inverse."""
        return {"v": str(VERSION)} | write_fields(self)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The view a link names, and a sentence for every value that was not taken as written. Never raises."""
        values, notes = read_fields(cls, query, _former_defaults(query)[0])
        return cls(**values), notes


def unknown_keys(query: Mapping[str, str]) -> list[str]:
    """A sentence for every key of a link that no spec owns, but for those that hosts and mailers add."""
    known = {"v"} | {its.key for spec in (ModelSpec, DataSpec, TrainSpec, ViewSpec) for its in knobs(spec).values()}
    strangers = [key for key in query if key not in known and not key.startswith(_FOREIGN_KEYS)]
    return [_("In the link, “{key}” is no setting of this app; it was left out.").format(key=k[:40]) for k in strangers]


def _former_defaults(query: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    text = str(query.get("v", VERSION))
    for version, former in _FORMER_DEFAULTS.items():
        if text == str(version):
            return former, []
    note = _("The link is of version “{text}”, which this app does not know; it was read as version {newest}.")
    return {}, [note.format(text=text[:40], newest=VERSION)]


def _over(amounts: tuple[tuple[str, float, float], ...]) -> str:
    for what, amount, limit in amounts:
        if amount > limit:
            return _("{what} would be {amount:.3g}; the limit is {limit:.3g}").format(
                what=what, amount=amount, limit=limit
            )
    return ""


def _too_long(model: ModelSpec, data: DataSpec, train: TrainSpec) -> str:
    encoders = 2 if model.encoder == "separate" else 1
    gates = 4 * model.lstm_units * (data.features + model.lstm_units)
    updates = train.epochs * math.ceil(data.n_train / train.batch_size)
    work = float(train.epochs) * data.n_train * data.timesteps * gates * encoders
    return _over(
        (
            (_("the arithmetic of the run (epochs · rows · T · 4u(D+u) · encoders)"), work, WORK_LIMIT),
            (_("the LSTM steps of the run (updates · T)"), updates * data.timesteps, STEP_LIMIT),
            (_("the weight updates of the run"), updates, UPDATE_LIMIT),
        )
    )


def _too_large(data: DataSpec) -> str:
    size = 8 * data.timesteps * data.features * (data.n_train + data.n_test)
    return _over(((_("the data, in bytes,"), size, DATA_BYTES_LIMIT),))


def _too_much(model: ModelSpec, data: DataSpec, train: TrainSpec) -> str:
    """What is too much about a combination, in words; empty if nothing is."""
    return _too_long(model, data, train) or _too_large(data)


def _lowered(parts: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Lower epochs, then n_train, then n_test, each as little as needed; adds one note if anything was lowered."""
    problem = _too_much(**parts)
    used = []
    for part, name in (("train", "epochs"), ("data", "n_train"), ("data", "n_test")):
        # Fewer epochs don't make the data smaller, so only the time decides how many there can be.
        too_much = _too_long if name == "epochs" else _too_much
        low, high = int(knob(parts[part], name).low), getattr(parts[part], name)
        least = {**parts, part: dataclasses.replace(parts[part], **{name: low})}
        if not too_much(**parts):
            continue
        while high - low > 1 and not too_much(**least):
            middle = (low + high) // 2
            trial = {**parts, part: dataclasses.replace(parts[part], **{name: middle})}
            low, high = (low, middle) if too_much(**trial) else (middle, high)
        parts = {**parts, part: dataclasses.replace(parts[part], **{name: low})}
        used.append(f"{name} = {low}")
    if used:
        sentence = _("These settings are too much together: {problem}. Used instead: {used}.")
        notes.append(sentence.format(problem=problem, used=", ".join(used)))
    return parts
