"""One row a field: what it is called, what is legal, how a link writes it, and what to say when it is wrong.

A spec is a frozen dataclass whose fields each carry a `Knob`. The constructor checks against it and raises, because code
that passes a wrong value has a bug. `read_fields` reads a link against the same row and never raises: a visitor's typo
costs them a sentence, not the page. Widgets, links and tests read the row too, so no limit is written twice.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mtl_core.language import _

__all__ = [
    "FORMER_DEFAULTS",
    "VERSION",
    "Checked",
    "Knob",
    "canonical",
    "choice",
    "format_number",
    "former_defaults",
    "knob",
    "knobs",
    "quoted",
    "read_fields",
    "row",
    "write_fields",
]

VERSION = 2
"""The link format that is written. Older formats are read with their own defaults for ever, see `FORMER_DEFAULTS`."""

FORMER_DEFAULTS: dict[int, dict[str, Any]] = {1: {"tw": "numbers", "lr": 0.001}, 2: {}}
"""By link version: the defaults, by short key, that have changed since. Changing a default means: raise `VERSION`, and
write the old value into the row of every older version."""

_QUOTED = 40  # characters

Kind = Literal["choice", "int", "float", "pair", "flag", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """What a field is called, what is legal for it, and its key in a link.

    Parameters
    ----------
    label : str
        Its name on the page, in reports and in what is said of a link; `_` translates it.
    key : str
        Short, stable name in the query string.
    kind : {"choice", "int", "float", "pair", "flag", "text"}
        How the value is read and written.
    low, high : float
        Inclusive range of a number, of each number of a pair, or of the length of a text.
    choices : tuple of str
        Legal values of a choice; the alphabet of a text.
    before : value or None
        What was the case before this field existed, where it came later; None for a field that was always there. A digest leaves
        the field out at this value, so that what was named before the field existed keeps its name.
    """

    label: str
    key: str
    kind: Kind
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    before: Any = None

    @property
    def legal(self) -> str:
        """The legal values in words."""
        low, high = format_number(self.low), format_number(self.high)
        return {
            "choice": _("one of {choices}").format(choices=", ".join(self.choices)),
            "flag": _("0 or 1"),
            "text": _("at most {high} of the characters {choices}").format(high=high, choices="".join(self.choices)),
            "int": _("a whole number from {low} to {high}").format(low=low, high=high),
            "float": _("a number from {low} to {high}").format(low=low, high=high),
            "pair": _("two numbers, each from {low} to {high}").format(low=low, high=high),
        }[self.kind]

    def check(self, name: str, value: Any) -> Any:
        """Return `value` in its canonical type; raise `ValueError` that names field, value and range."""
        try:
            canonical = _CANONICAL[self.kind](value)
            if self._holds(canonical):
                return canonical
        except (TypeError, ValueError, OverflowError):
            pass
        raise ValueError(_("{name} is {value!r}; it must be {legal}").format(name=name, value=value, legal=self.legal))

    def read(self, text: str, default: Any) -> tuple[Any, str | None]:
        """Parse text from a link: the nearest legal value, else `default`, and what was wrong (None: nothing)."""
        try:
            wanted = self._parse(text.strip()[:64])
            used = self._nearest(wanted)
        except (ValueError, OverflowError):
            wanted, used = None, default
        # Put into words only where there is one: pages read every field of a link at every tick.
        return used, (None if used == wanted else _("is not {legal}").format(legal=self.legal))

    def write(self, value: Any) -> str:
        """Text of a legal value, such that `read` returns the same value."""
        if self.kind == "flag":
            return "1" if value else "0"
        if self.kind == "pair":
            return ",".join(map(format_number, value))
        return format_number(value) if self.kind in ("int", "float") else str(value)

    def _holds(self, value: Any) -> bool:
        if self.kind == "choice":
            return value in self.choices
        if self.kind == "text":
            return self.low <= len(value) <= self.high and set(value) <= set(self.choices)
        numbers = value if self.kind == "pair" else (value,)
        return self.kind == "flag" or all(self.low <= number <= self.high for number in numbers)

    def _parse(self, text: str) -> Any:
        if self.kind == "flag":
            flags = {"1": True, "0": False, "true": True, "false": False}
            return flags[text.lower()] if text.lower() in flags else _reject(text)
        if self.kind == "pair":
            first, second = text.split(",")
            return _number(first), _number(second)
        return _number(text) if self.kind in ("int", "float") else text

    def _nearest(self, value: Any) -> Any:
        if self.kind == "pair":
            return tuple(min(max(number, self.low), self.high) for number in value)
        if self.kind in ("int", "float"):
            inside = min(max(value, self.low), self.high)
            return round(inside) if self.kind == "int" else inside
        return value if self._holds(value) else _reject(value)


def _reject(value: Any) -> Any:
    raise ValueError(value)


def _number(value: Any) -> float:
    """A finite float. Adding 0.0 turns -0.0 into 0.0, so that equal numbers have equal digests."""
    if isinstance(value, (bool, bytes)) or (isinstance(value, str) and "_" in value):
        raise ValueError(value)
    number = float(value) + 0.0
    return number if math.isfinite(number) else _reject(value)


def _real(value: Any) -> float:
    return _reject(value) if isinstance(value, str) else _number(value)


def _whole(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _reject(value) if isinstance(value, bool) else operator.index(value)


def _two_reals(value: Any) -> tuple[float, float]:
    first, second = value
    return _real(first), _real(second)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _reject(value)


def _flag(value: Any) -> bool:
    return bool(value) if isinstance(value, bool) or value in (0, 1) else _reject(value)


_CANONICAL: dict[Kind, Callable[[Any], Any]] = {
    "choice": _text,
    "text": _text,
    "flag": _flag,
    "int": _whole,
    "float": _real,
    "pair": _two_reals,
}


def format_number(value: float) -> str:
    """Shortest text that reads back as the same number: 16, 0.001, 1e-05."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def row(
    label: str,
    default: Any,
    key: str,
    kind: Kind,
    low: float = 0.0,
    high: float = 0.0,
    *choices: str,
    before: Any = None,
) -> Any:
    """A dataclass field with its `Knob`."""
    knob = Knob(label=label, key=key, kind=kind, low=low, high=high, choices=choices, before=before)
    return field(default=default, metadata={"knob": knob})


def choice(label: str, default: str, key: str, *choices: str, before: str | None = None) -> Any:
    """A dataclass field that is one of `choices`."""
    return row(label, default, key, "choice", 0, 0, *choices, before=before)


def knobs(spec: Any) -> Mapping[str, Knob]:
    """The table of a spec class or instance: field name to `Knob`, in order."""
    return _knobs(spec if isinstance(spec, type) else type(spec))


@functools.cache
def _knobs(spec: type) -> Mapping[str, Knob]:
    return {f.name: f.metadata["knob"] for f in dataclasses.fields(spec) if "knob" in f.metadata}


def knob(spec: Any, name: str) -> Knob:
    """One row of a spec's table; `KeyError` if there is no such field."""
    return knobs(spec)[name]


class Checked:
    """Makes every field of a spec canonical, or raises `ValueError` naming field, value and range."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, knob in knobs(self).items():
            object.__setattr__(self, name, knob.check(name, getattr(self, name)))


def canonical(spec: Any) -> dict[str, Any]:
    """The values that name a spec: all but those of later fields that say what was the case before they existed."""
    return {name: getattr(spec, name) for name, row in knobs(spec).items() if getattr(spec, name) != row.before}


def write_fields(spec: Any) -> dict[str, str]:
    """What differs from the defaults, by short key."""
    return {
        f.metadata["knob"].key: f.metadata["knob"].write(getattr(spec, f.name))
        for f in dataclasses.fields(spec)
        if getattr(spec, f.name) != f.default
    }


def read_fields(spec: Any, query: Mapping[str, str], former: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Read a spec class's fields from a link.

    Parameters
    ----------
    spec : type
        A `Checked` dataclass.
    query : mapping of str to str
    former : mapping of str to value
        Defaults, by short key, that the link's version had and the present one has not.

    Returns
    -------
    values : dict
        One legal value a field.
    notes : list of str
        A sentence for every value that was not taken as written.
    """
    values: dict[str, Any] = {}
    notes: list[str] = []
    for f in dataclasses.fields(spec):
        rule: Knob = f.metadata["knob"]
        values[f.name] = former.get(rule.key, f.default)
        if rule.key not in query:
            continue
        text = str(query[rule.key])
        values[f.name], problem = rule.read(text, values[f.name])
        if problem:
            notes.append(
                _("In the link, {name} = “{text}” {problem}; {used} is used instead.").format(
                    name=_(rule.label), text=quoted(text), problem=problem, used=rule.write(values[f.name]) or "“”"
                )
            )
    return values, notes


def former_defaults(query: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Defaults, by short key, that a link's version had and the present one has not; and a note if it is unknown."""
    text = str(query.get("v", VERSION))
    for version, former in FORMER_DEFAULTS.items():
        if text == str(version):
            return former, []
    note = _("The link is of version “{text}”, which this app does not know; it was read as version {newest}.")
    return {}, [note.format(text=quoted(text), newest=VERSION)]


def quoted(text: str) -> str:
    """What a link says, as it may stand in a sentence: one line, printable, at most 40 characters.

    Examples
    --------
    >>> quoted("16\\n# Title"), quoted("9" * 99)
    ('16 # Title', '999999999999999999999999999999999999999…')
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text[:200])
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"
