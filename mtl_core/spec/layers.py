"""The learner's own names of inputs, heads and layers, once for all that builds, reads, draws or lists them."""

from __future__ import annotations

__all__ = ["ENCODERS", "HIDDEN", "INPUTS", "MERGED", "OUTPUTS", "OWN_INPUT", "other_input"]

INPUTS = ("tweet_a", "tweet_b")

OUTPUTS = ("predictions1", "predictions2")

ENCODERS = {"shared": ("shared_lstm", "shared_lstm"), "separate": ("lstm_a", "lstm_b")}
"""Names of the layers that encode tweet_a and tweet_b."""

MERGED = "merged_vector"
"""What joins the two encodings."""

HIDDEN = ("hidden1", "hidden2")
"""The layers before the heads, where there are any."""

OWN_INPUT = {"predictions1": "tweet_a", "predictions2": "tweet_b"}
"""The tweet each head's task is about."""


def other_input(output: str) -> str:
    """The tweet that is not the head's own: `other_input("predictions1")` is `"tweet_b"`."""
    return INPUTS[1 - INPUTS.index(OWN_INPUT[output])]
