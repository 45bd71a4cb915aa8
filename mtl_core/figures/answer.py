"""The answer to the question, in words that follow the model on screen.

Two couplings tie two tasks. The *forward* one carries features through a merge and acts at prediction time. The *training*
one acts only while learning, through weights that both losses change. `concatenate` is the forward one; the shared LSTM is
the training one; the question's case 2 has the second without the first. (Caruana, Multitask Learning, 1997, calls a shared
representation with a head a task *multi-task*, whatever each head can see.)
"""

from __future__ import annotations

from mtl_core.figures.learned import Trained, trained
from mtl_core.language import N_, _
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec

__all__ = ["advice", "answer", "asked", "headline", "in_short"]


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


def in_short(spec: ExperimentSpec) -> str:
    """The answer to both questions, what is multi-task and what the merge is for, in two or three short sentences."""
    model, what = spec.model, trained(spec)
    if model.merge == "none" and model.encoder == "separate":
        alone = N_("Multi-task by its two outputs, but nothing ties the tasks: no `concatenate`, and no shared layer.")
        return _join(*_untrained(what), alone if all(what.heads) else _NO_TIE)
    tie = all(what.encoders)
    reads = {
        "none": N_("Without `concatenate`, no head can see the other tweet: only training ties the tasks.")
        if tie
        else N_("Without `concatenate`, no head can see the other tweet."),
        "concatenate": N_("`concatenate` lets each head read both tweets."),
        "add": N_("`add` lets each head read the sum of both tweets’ encodings."),
        "multiply": N_("`multiply` lets each head read the product of both tweets’ encodings."),
    }[model.merge]
    tasks = N_("Both are multi-task: two outputs, one task each.") if all(what.heads) else ""
    return _join(tasks, *_untrained(what), reads)


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
        return _("Both heads: do both tweets together say yes?")
    less = _("Each head: does its own tweet say yes? The other tweet counts too, but less.")
    more = _("Each head: does the other tweet say yes? Its own tweet counts too, but less.")
    return less if angle < 45 else more


def answer(spec: ExperimentSpec) -> str:
    """What `concatenate` does here, or what its absence does: three to six short sentences, true of how it is trained."""
    model, what = spec.model, trained(spec)
    if model.merge == "none":
        tie = (_NO_TIE,) if model.encoder == "separate" else _tie(what)
        closing = "" if model.encoder == "separate" else _multi_task(what, _STILL_MULTI_TASK)
        return _join(_NOT_CONNECTED, *tie, *_untrained(what), closing)
    return _join(
        _READS,
        _HOW[model.merge],
        _limit(model),
        *_training(model, what),
        *_untrained(what),
        _multi_task(what, _MULTI_TASK),
    )


def advice() -> str:
    """When to concatenate, and when not, in two sentences."""
    return _(
        "Concatenate when a task also depends on the other input and you will have that input when you predict; add a "
        "hidden layer if it counts how the two match. "
        "Do not when each task is about its own input alone: a shared encoder already lets the tasks learn from each other."
    )


_NOT_CONNECTED = N_("Head 1 never sees tweet_b, and head 2 never sees tweet_a.")
_SHARED_TIE = N_("The only tie between the tasks is the shared LSTM, which couples them only while training.")
_ONE_WAY = (
    N_("The only tie is one way, while training: head 2 reads an LSTM that only head 1’s loss changes."),
    N_("The only tie is one way, while training: head 1 reads an LSTM that only head 2’s loss changes."),
)
_STILL_MULTI_TASK = N_("It is multi-task all the same: two outputs, one task each.")
_NO_TIE = N_(
    "With an LSTM each, there is no tie at all: two models in one object, and neither task helps or harms the other."
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
    "One Dense unit on it adds up what it finds in each tweet. Without a hidden layer it cannot learn how the two match."
)
_MATCHING = N_("The hidden layer before each head can also learn how the two match.")
_UNORDERED = N_(
    "As one shared LSTM encodes both, swapping the tweets changes nothing. So a head cannot tell whose tweet is whose, "
    "unless the tweets themselves tell."
)
_BOTH_LOSSES = {
    "shared": N_("While training, both losses also change the shared LSTM."),
    "separate": N_("While training, each LSTM feeds both heads, so both losses change it."),
}
_ONE_LOSS = {
    "shared": (
        N_("While training, only head 1’s loss changes the shared LSTM."),
        N_("While training, only head 2’s loss changes the shared LSTM."),
    ),
    "separate": (
        N_("While training, only head 1’s loss changes the two LSTMs."),
        N_("While training, only head 2’s loss changes the two LSTMs."),
    ),
}
_NO_LOSS = {
    "shared": N_("No loss changes the shared LSTM: it stays as it began."),
    "separate": N_("No loss changes the two LSTMs: they stay as they began."),
}
_MULTI_TASK = N_("Its two outputs, not the merge, make it multi-task.")
_NOT_TRAINED = (
    N_("Head 1 is not trained: its loss does not count."),
    N_("Head 2 is not trained: its loss does not count."),
)
_NOTHING = N_("Neither loss counts, so nothing is trained.")
_ONE_TASK = N_("It has two outputs, but learns one task: as it is trained here, it is not multi-task.")


def _tie(what: Trained) -> tuple[str, ...]:
    """What ties the tasks of two heads that read one tweet each through one LSTM."""
    if all(what.encoders):
        return (_SHARED_TIE,)
    if not any(what.encoders):
        return () if not any(what.heads) else (_NO_LOSS["shared"],)
    one = what.encoders.index(True)
    return (_ONE_WAY[one],) if all(what.heads) else (_ONE_LOSS["shared"][one],)


def _training(model: ModelSpec, what: Trained) -> tuple[str, ...]:
    """Which losses change the LSTMs that both heads read."""
    if all(what.encoders):
        return (_BOTH_LOSSES[model.encoder],)
    if any(what.encoders):
        return (_ONE_LOSS[model.encoder][what.encoders.index(True)],)
    return (_NO_LOSS[model.encoder],) if any(what.heads) else ()


def _untrained(what: Trained) -> tuple[str, ...]:
    """Which heads no loss changes."""
    if not any(what.heads):
        return (_NOTHING,)
    return tuple(sentence for sentence, counts in zip(_NOT_TRAINED, what.heads, strict=True) if not counts)


def _multi_task(what: Trained, sentence: str) -> str:
    """The sentence if two tasks are learned."""
    return sentence if all(what.heads) else _ONE_TASK if any(what.heads) else ""


def _limit(model: ModelSpec) -> str:
    """What a head cannot say about what it reads."""
    if model.merge != "concatenate" and model.encoder == "shared":
        return _UNORDERED
    if model.hidden_units:
        return _MATCHING
    return "" if model.merge == "multiply" else _ADDITIVE


def _join(*messages: str) -> str:
    return " ".join(_(message) for message in messages if message)
