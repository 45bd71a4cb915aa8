"""Keys of a link that belong to nobody: a typo costs its writer a sentence, not a setting."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.language import _
from mtl_core.spec.fields import knobs
from mtl_core.spec.parts import DataSpec, ModelSpec, TrainSpec
from mtl_core.spec.view import ViewSpec

__all__ = ["unknown_keys"]

_FOREIGN_KEYS = ("embed", "utm_", "fbclid", "gclid", "ref")
"""Beginnings of keys that Streamlit, hosts and mailers add to links."""


def unknown_keys(query: Mapping[str, str]) -> list[str]:
    """A sentence for every key of a link that no spec owns, but for those that hosts and mailers add."""
    known = {"v"} | {row.key for spec in (ModelSpec, DataSpec, TrainSpec, ViewSpec) for row in knobs(spec).values()}
    strangers = [key for key in query if key not in known and not key.startswith(_FOREIGN_KEYS)]
    return [_("In the link, “{key}” is no setting of this app; it was left out.").format(key=k[:40]) for k in strangers]
