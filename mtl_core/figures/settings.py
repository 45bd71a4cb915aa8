"""What settings and their values are called: short on an axis, and whole where a sentence speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.figures.names import rule
from mtl_core.figures.numbers import setting
from mtl_core.language import N_, _, ngettext
from mtl_core.spec import FACTORS

__all__ = ["change", "in_words", "on_axis", "where"]

_CHOICES: Mapping[str, Mapping[str, str]] = {
    "merge": {
        "none": N_("not connected"),
        "concatenate": N_("concatenated"),
        "add": N_("added"),
        "multiply": N_("multiplied"),
    },
    "encoder": {"shared": N_("one shared LSTM"), "separate": N_("an LSTM each")},
    "detach": {
        "none": N_("nowhere"),
        "predictions1": N_("head 1"),
        "predictions2": N_("head 2"),
        "both": N_("both heads"),
    },
    "schedule": {"together": N_("together"), "alternate": N_("by turns")},
    "shuffled": {"none": N_("none"), "y1": N_("task 1"), "y2": N_("task 2")},
}

_UNITS: Mapping[str, str] = {
    "angle": N_("{value}°"),
    "feature_angle": N_("features {value}° apart"),
    "detach": N_("gradient stopped: {value}"),
    "schedule": N_("trained {value}"),
    "shuffled": N_("shuffled labels: {value}"),
    "labels1": N_("{value} of task 1’s labels"),
    "labels2": N_("{value} of task 2’s labels"),
    "weight1": N_("weight {value} for task 1"),
    "weight2": N_("weight {value} for task 2"),
    "rate": N_("rate {value}"),
}

_COUNTED: Mapping[str, tuple[str, str]] = {
    "units": (N_("{value} LSTM unit"), N_("{value} LSTM units")),
    "hidden": (N_("{value} hidden unit"), N_("{value} hidden units")),
    "rows": (N_("{value} row"), N_("{value} rows")),
    "epochs": (N_("{value} epoch"), N_("{value} epochs")),
}

_NOUNS: Mapping[str, str] = {
    "concatenate": N_("concatenation"),
    "add": N_("adding the encodings"),
    "multiply": N_("multiplying the encodings"),
}
"""What a merge is called, where it is compared with none."""

_WHERE = {"angle": N_("at {value}"), "rule": N_("under the {value}")}

_DEGREES = ("angle", "feature_angle")


def on_axis(name: str, value: Any) -> str:
    """A value of the setting `name` of `FACTORS`, as an axis with the setting's title has it.

    Examples
    --------
    >>> on_axis("angle", 45.0), on_axis("units", 16), on_axis("merge", "none")
    ('45°', '16', 'not connected')
    """
    if name == "rule":
        return rule(value)
    if name in _CHOICES:
        return _(_CHOICES[name][value])
    return f"{setting(value)}°" if name in _DEGREES else setting(value)


def in_words(name: str, value: Any) -> str:
    """The same so that it says which setting it is of.

    Examples
    --------
    >>> in_words("angle", 45.0), in_words("units", 16), in_words("units", 1), in_words("weight2", 0.0)
    ('45°', '16 LSTM units', '1 LSTM unit', 'weight 0 for task 2')
    """
    plain = setting(value) if name in _DEGREES else on_axis(name, value)
    if name in _COUNTED:
        return ngettext(*_COUNTED[name], int(value)).format(value=plain)
    return _(_UNITS[name]).format(value=plain) if name in _UNITS else plain


def where(name: str, value: Any) -> str:
    """The same as a place in a sentence.

    Examples
    --------
    >>> where("angle", 45.0), where("units", 16), where("rule", "match")
    ('at 45°', 'with 16 LSTM units', 'under the match rule')
    """
    return _(_WHERE.get(name, N_("with {value}"))).format(value=in_words(name, value))


def change(name: str, before: Any, after: Any) -> str:
    """What is done to a setting, as a sentence's subject.

    Examples
    --------
    >>> change("merge", "none", "concatenate"), change("units", 1, 4)
    ('concatenation', 'changing “LSTM units” from 1 to 4')
    """
    if name == "merge" and before == "none":
        return _(_NOUNS[after])
    return _("changing “{name}” from {before} to {after}").format(
        name=FACTORS[name].title, before=on_axis(name, before), after=on_axis(name, after)
    )
