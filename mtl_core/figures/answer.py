"""The answer to the question, in words that follow the model on screen.

Two couplings tie two tasks. The *forward* one carries features through a merge and acts at prediction time. The *training*
one acts only while learning, through weights that both losses change. `concatenate` is the forward one; the shared LSTM is
the training one; the question's case 2 has the second without the first. (Caruana, Multitask Learning, 1997, calls a shared
representation with a head a task *multi-task*, whatever each head can see.)
"""

from __future__ import annotations

from mtl_core.language import N_, _
from mtl_core.spec import DataSpec, ModelSpec

__all__ = ["advice", "answer", "asked", "headline", "in_short", "question"]


def question() -> str:
    """The question in one sentence."""
    return _(
        "Two Keras models have two inputs, one shared LSTM and two outputs; one of them concatenates the two encodings, "
        "the other does not: which is multi-task, and what is `concatenate` for?"
    )


def headline(model: ModelSpec) -> str:
    """What the heads of this model can read, in one short sentence."""
    if model.merge == "none" and model.encoder == "separate":
        return _("Not connected, nothing shared: two models in one object")
    return {
        "none": _("Not connected: each head reads its own tweet only"),
        "concatenate": _("Concatenated: each head reads both tweets"),
        "add": _("Added: each head reads the sum of both tweets’ encodings"),
        "multiply": _("Multiplied: each head reads the product of both tweets’ encodings"),
    }[model.merge]


def in_short(model: ModelSpec) -> str:
    """The answer to both questions, what is multi-task and what the merge is for, in two short sentences."""
    if model.merge == "none" and model.encoder == "separate":
        return _("Multi-task by its two outputs, but nothing ties the tasks: no `concatenate`, and no shared layer.")
    reads = {
        "none": _("Without `concatenate`, no head can see the other tweet: only training ties the tasks."),
        "concatenate": _("`concatenate` lets each head read both tweets."),
        "add": _("`add` lets each head read the sum of both tweets’ encodings."),
        "multiply": _("`multiply` lets each head read the product of both tweets’ encodings."),
    }[model.merge]
    return _join(N_("Both are multi-task: two outputs, one task each."), reads)


def asked(data: DataSpec) -> str:
    """What the two heads are asked, in plain words."""
    angle = data.mixing_deg
    if angle == 0:
        return _("Head 1: does tweet_a say yes? Head 2: does tweet_b say yes?")
    if data.rule == "match":
        if angle == 90:
            return _("Both heads: do the two tweets agree?")
        return _("Each head: does its own tweet say yes, and does the other tweet agree?")
    if angle == 90:
        return _("Head 1: does tweet_b say yes? Head 2: does tweet_a say yes?")
    if angle == 45:
        return _("Both heads: do the two tweets together say yes?")
    less = _("Each head: does its own tweet say yes? The other tweet counts too, but less.")
    more = _("Each head: does the other tweet say yes? Its own tweet counts too, but less.")
    return less if angle < 45 else more


def answer(model: ModelSpec) -> str:
    """What `concatenate` does here, or what its absence does: three to five short sentences."""
    if model.merge == "none":
        return _join(_NOT_CONNECTED, *(_NO_TIE if model.encoder == "separate" else _SHARED_TIE))
    return _join(_READS, _HOW[model.merge], _limit(model), _TRAINING[model.encoder], _MULTI_TASK)


def advice() -> str:
    """When to concatenate, and when not, in two sentences."""
    return _(
        "Concatenate when a task also depends on the other input and you will have that input when you predict, with a hidden "
        "layer if it counts how the two match. Do not when each task is about its own input alone: a shared encoder already "
        "lets the tasks learn from each other, and a connection only adds weights that can fit noise."
    )


_NOT_CONNECTED = N_("Head 1 never sees tweet_b, and head 2 never sees tweet_a.")
_SHARED_TIE = (
    N_("The only tie between the tasks is the shared LSTM, which couples them only while training."),
    N_("It is multi-task all the same: two outputs, one task each."),
)
_NO_TIE = (
    N_(
        "With an LSTM each, there is no tie at all: two models in one object, and neither task can help or harm the other."
    ),
)
_READS = N_("Head 1 reads tweet_a and tweet_b, and so does head 2.")
_HOW = {
    "concatenate": N_(
        "`concatenate` computes nothing: it lays the two encodings side by side, so a head has weights for both."
    ),
    "add": N_(
        "`add` sums the two encodings number by number, so a head has one weight for both tweets’ version of a feature."
    ),
    "multiply": N_(
        "`multiply` takes the product of the two encodings number by number, so a head sees how they go together."
    ),
}
_ADDITIVE = N_(
    "One Dense unit on it adds up what it finds in each tweet; it cannot learn how the two match without a hidden layer."
)
_MATCHING = N_("The hidden layer before each head can also learn how the two match.")
_UNORDERED = N_(
    "As one shared LSTM encodes both, swapping the tweets changes nothing: the head cannot tell whose tweet is whose, "
    "unless the tweets themselves tell."
)
_TRAINING = {
    "shared": N_("While training, both losses also change the shared LSTM."),
    "separate": N_("While training, each LSTM feeds both heads, so both losses change it."),
}
_MULTI_TASK = N_("Its two outputs, not the merge, make it multi-task.")


def _limit(model: ModelSpec) -> str:
    """What a head cannot say about what it reads."""
    if model.merge != "concatenate" and model.encoder == "shared":
        return _UNORDERED
    if model.hidden_units:
        return _MATCHING
    return "" if model.merge == "multiply" else _ADDITIVE


def _join(*messages: str) -> str:
    return " ".join(_(message) for message in messages if message)
