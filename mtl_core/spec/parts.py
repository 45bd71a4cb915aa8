"""The three parts of an experiment: a model (how the two tweets meet), a data rule (which tweet knows what) and a recipe."""

from __future__ import annotations

from dataclasses import dataclass

from mtl_core.spec.fields import Checked, choice, row

__all__ = ["DataSpec", "ModelSpec", "TrainSpec"]


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
