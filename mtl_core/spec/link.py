"""Keys of a link that belong to nobody: a typo costs its writer a sentence, not a setting."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.language import _, ngettext
from mtl_core.spec.fields import knobs, quoted
from mtl_core.spec.parts import DataSpec, ModelSpec, TrainSpec
from mtl_core.spec.sweep import SweepSpec
from mtl_core.spec.view import ViewSpec

__all__ = ["unknown_keys"]

_FOREIGN_KEYS = ("embed", "utm_", "fbclid", "gclid", "ref")
"""Beginnings of keys that Streamlit, hosts and mailers add to links."""


_MOST_NAMED = 5


def unknown_keys(query: Mapping[str, str]) -> list[str]:
    """A sentence for the keys of a link that no spec owns, but for those that hosts and mailers add; none if there are none."""
    specs = (ModelSpec, DataSpec, TrainSpec, ViewSpec, SweepSpec)
    known = {"v"} | {row.key for spec in specs for row in knobs(spec).values()}
    strangers = [key for key in query if key not in known and not key.startswith(_FOREIGN_KEYS)]
    names = ", ".join(f"“{quoted(key)}”" for key in strangers[:_MOST_NAMED])
    if len(strangers) > _MOST_NAMED:
        names = _("{names} and {n} more").format(names=names, n=len(strangers) - _MOST_NAMED)
    sentence = ngettext(
        "In the link, {names} is no setting of this app; it was left out.",
        "In the link, {names} are no settings of this app; they were left out.",
        len(strangers),
    )
    return [sentence.format(names=names)] if strangers else []
