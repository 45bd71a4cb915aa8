"""What things are called on screen, in one place: heads, cases, bounds, and where a curve comes from.

Figures need the short form, sentences the long one; both tables are here so that a figure and its reading agree.
"""

from __future__ import annotations

from mtl_core.language import N_, _
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS, OWN_INPUT, ModelSpec

__all__ = [
    "bound",
    "bound_in_words",
    "case",
    "connection",
    "head",
    "origin",
    "origin_in_words",
    "reads",
    "rule",
    "short_case",
]

_BOUND = {
    "both": N_("both tweets"),
    "own": N_("own tweet"),
    "additive": N_("adding up"),
    "symmetric": N_("unordered pair"),
    "chance": N_("chance"),
}

_BOUND_IN_WORDS = {
    "both": N_("the best possible with both tweets"),
    "own": N_("the best possible with a head’s own tweet alone"),
    "additive": N_("the best possible for a head that adds up what it sees in each tweet"),
    "symmetric": N_("the best possible for a head that cannot tell whose tweet is whose"),
    "chance": N_("chance, which is saying one half every time"),
}

_QUESTION = {"concatenate": N_("case 1: concatenated"), "none": N_("case 2: not connected")}
_QUESTION_SHORT = {"concatenate": N_("case 1"), "none": N_("case 2")}
_MERGE = {
    "concatenate": N_("concatenated"),
    "none": N_("not connected"),
    "add": N_("added"),
    "multiply": N_("multiplied"),
}

_CONNECTION = {"concatenate": N_("Concatenate"), "add": N_("Add"), "multiply": N_("Multiply")}

_RULE = {"additive": N_("additive rule"), "match": N_("match rule")}

_ORIGIN = {
    "none": (N_("not trained yet"), N_("Not trained yet: press Train.")),
    "queued": (N_("waiting"), N_("Waiting for a worker; you may look around meanwhile.")),
    "running": (N_("live"), N_("Training on a worker; you may look around meanwhile.")),
    "stopped": (N_("stopped"), N_("Stopped before its last epoch.")),
    "diverged": (N_("diverged"), N_("Stopped, because the loss was no longer a finite number.")),
    "failed": (N_("failed"), N_("This run failed.")),
    "live": (N_("live"), N_("Trained just now.")),
    "stored": (N_("stored"), N_("This run was trained before and stored.")),
    "recorded": (N_("recorded"), N_("Recorded with Keras {keras}.")),
}
"""By the state of a run that is not finished, or the source of one that is: a word and a sentence."""


def head(output: str) -> str:
    """A head's plain name: `head("predictions1")` is "head 1"."""
    return _("head {n}").format(n=OUTPUTS.index(output) + 1)


def case(model: ModelSpec) -> str:
    """A model's plain name. The question's own two shapes carry its numbers."""
    asked = model.encoder == "shared" and not model.hidden_units
    return _((_QUESTION if asked else _MERGE).get(model.merge, _MERGE[model.merge]))


def short_case(model: ModelSpec) -> str:
    """The same in a word or two: "case 1"."""
    asked = model.encoder == "shared" and not model.hidden_units
    return _((_QUESTION_SHORT if asked else _MERGE).get(model.merge, _MERGE[model.merge]))


def connection(merge: str) -> str:
    """What the switch that connects the two encodings is called: after the layer that it puts in."""
    return _(_CONNECTION[merge])


def rule(name: str) -> str:
    """What a label rule is called."""
    return _(_RULE[name])


def bound(name: str) -> str:
    """The short name of a line: "own tweet"."""
    return _(_BOUND[name])


def bound_in_words(name: str) -> str:
    """The long name of a line: "the best possible with a head’s own tweet alone"."""
    return _(_BOUND_IN_WORDS[name])


def origin(run: Run) -> str:
    """Where a run's curve comes from, or why there is none, in a word or two: "live", "stored", "recorded", "waiting"."""
    word, _sentence = _ORIGIN[run.source if run.state == "finished" else run.state]
    return _(word)


def origin_in_words(run: Run) -> str:
    """The same as a sentence; the run's own message where it has one."""
    _word, sentence = _ORIGIN[run.source if run.state == "finished" else run.state]
    return run.message or _(sentence).format(keras=run.versions.get("keras", "?"))


def reads(model: ModelSpec, output: str, name: str) -> bool:
    """Whether a path leads from an input to a head in the models that a spec can describe."""
    return model.merge != "none" or OWN_INPUT[output] == name
