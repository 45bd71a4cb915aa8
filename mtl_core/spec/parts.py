"""The three parts of an experiment: a model (how the two tweets meet), a data rule (which tweet knows what) and a recipe."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from mtl_core.language import N_, _
from mtl_core.spec.fields import Checked, choice, knob, row

__all__ = ["NUMBERS_ONLY", "WORDS_SHAPE", "DataSpec", "ModelSpec", "TrainSpec", "left_out_of_words"]

WORDS_SHAPE = (12, 64)
"""(T, D) in the world of words: at most twelve words a tweet, out of 64. A test holds the vocabulary to it."""

NUMBERS_ONLY = ("feature_angle_deg", "signal", "timesteps", "features")
"""Fields of `DataSpec` that say something about sequences of numbers only; in words they stay at their defaults."""


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

    merge: str = choice(N_("Merge"), "concatenate", "m", "none", "concatenate", "add", "multiply")
    encoder: str = choice(N_("LSTM"), "shared", "e", "shared", "separate")
    lstm_units: int = row(N_("LSTM units"), 16, "u", "int", 1, 256)
    hidden_units: int = row(N_("Hidden units before each head"), 0, "h", "int", 0, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec(Checked):
    """Which tweet knows what; `mtl_core.data` gives the formulas.

    Parameters
    ----------
    tweets : {"words", "numbers"}
        Sentences of 12 of 64 words, or sequences of numbers.
    rule : {"additive", "match"}
        A label follows a weighted sum of both tweets' evidence, or its own and whether the two match.
    mixing_deg : float
        Degrees: 0 (only the head's own tweet knows) .. 90 (only the other tweet, or only the match).
    feature_angle_deg : float
        Degrees between the informative directions of the two tweets: 0 (same feature) .. 90 (unrelated). Numbers only.
    sharpness : float
        Slope of a label's log odds in the evidence, 0.5..20.
    signal : float
        Correlation of each step with the tweet's hidden mean, 0.1..1. Numbers only.
    timesteps, features : int
        T (1..280) and D (2..256) of an input (n, T, D) of numbers; `shape` is that of both worlds.
    n_train, n_test : int
        Rows of each split, 64..16384.
    shuffled_labels : {"none", "y1", "y2"}
        Whose training labels are shuffled, which makes that task noise.

    Raises
    ------
    ValueError
        If a value is not legal, or a field that only numbers have is changed in words.
    """

    tweets: str = choice(N_("Tweets"), "words", "tw", "words", "numbers", before="numbers")
    rule: str = choice(N_("Label rule"), "additive", "r", "additive", "match")
    mixing_deg: float = row(N_("Who knows the label"), 45.0, "mix", "float", 0, 90)
    feature_angle_deg: float = row(N_("Angle between the features of the two tweets"), 0.0, "fa", "float", 0, 90)
    sharpness: float = row(N_("Sharpness of the labels"), 6.0, "k", "float", 0.5, 20)
    signal: float = row(N_("Signal in each time step"), 0.5, "s", "float", 0.1, 1.0)
    timesteps: int = row(N_("Time steps"), 20, "t", "int", 1, 280)
    features: int = row(N_("Features a time step"), 8, "d", "int", 2, 256)
    n_train: int = row(N_("Training rows"), 2048, "n", "int", 64, 16384)
    n_test: int = row(N_("Test rows"), 2048, "nt", "int", 64, 16384)
    shuffled_labels: str = choice(N_("Shuffled training labels"), "none", "sh", "none", "y1", "y2")

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        if self.tweets == "words":
            for name, default in _numbers_only(self).items():
                if getattr(self, name) != default:
                    raise ValueError(
                        _("{name} is {value!r}; it must be {default!r} where tweets are words").format(
                            name=name, value=getattr(self, name), default=default
                        )
                    )

    @property
    def shape(self) -> tuple[int, int]:
        """(T, D) of a tweet."""
        return WORDS_SHAPE if self.tweets == "words" else (self.timesteps, self.features)


def left_out_of_words(values: dict[str, Any]) -> list[str]:
    """Put what words don't have back to its default, among a link's values of a `DataSpec`; a sentence for each."""
    notes = []
    for name, default in _numbers_only(DataSpec).items():
        if values["tweets"] == "words" and values[name] != default:
            sentence = _("In the link, {name} = {value} is about tweets that are numbers; it was left out.")
            notes.append(sentence.format(name=_(knob(DataSpec, name).label), value=values[name]))
            values[name] = default
    return notes


def _numbers_only(spec: Any) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(spec) if f.name in NUMBERS_ONLY}


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
    detach : {"none", "predictions1", "predictions2", "both"}
        Whose gradient stops before the encoders: that head learns to read what the other one's task makes of the tweets.
    labelled : tuple of float
        Share of training rows that have a label for task 1 and for task 2, each 0.01..1; the others weigh nothing in that loss.
    schedule : {"together", "alternate"}
        Every batch trains both tasks, or batches take turns between them.
    """

    epochs: int = row(N_("Epochs"), 12, "ep", "int", 1, 200)
    batch_size: int = row(N_("Batch size"), 32, "b", "int", 1, 1024)
    optimizer: str = choice(N_("Optimizer"), "rmsprop", "o", "rmsprop", "adam", "sgd")
    learning_rate: float = row(N_("Learning rate"), 0.003, "lr", "float", 1e-5, 1.0)
    loss_weights: tuple[float, float] = row(N_("Loss weights"), (1.0, 1.0), "w", "pair", 0, 10)
    seed: int = row(N_("Seed"), 0, "seed", "int", 0, 2**31 - 1)
    detach: str = choice(
        N_("Gradient stops before the encoders"),
        "none",
        "det",
        "none",
        "predictions1",
        "predictions2",
        "both",
        before="none",
    )
    labelled: tuple[float, float] = row(
        N_("Share of training rows with a label"), (1.0, 1.0), "lab", "pair", 0.01, 1, before=(1.0, 1.0)
    )
    schedule: str = choice(
        N_("How batches train the tasks"), "together", "sch", "together", "alternate", before="together"
    )
