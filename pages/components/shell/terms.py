"""Links from the terms of a text to Words, each at its first use there: no term has to be known beforehand."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from mtl_core.language import N_, _, spoken, words_page

__all__ = ["FORMS", "linked"]

FORMS: Mapping[str, str] = {
    "multi_task": N_("multi-task"),
    "sharing": N_("shared layers|shared layer"),
    "encoder": N_("LSTM|encodings|encoding"),
    "head": N_("heads|head"),
    "concatenate": N_("`concatenate`"),
    "epoch": N_("epochs|epoch"),
    "unseen": N_("unseen pairs"),
    "loss": N_("losses|loss"),
    "hidden": N_("hidden layer"),
    "interval": N_("intervals|interval"),
    "evidence": N_("evidence"),
    "nats": N_("nats|nat"),
    "best_possible": N_("best possible"),
    "worth": N_("worth"),
    "seed": N_("seeds|seed"),
    "paired": N_("seed by seed"),
    "pull": N_("pulls|pull"),
    "cosine": N_("cosine"),
    "shuffling": N_("shuffling|shuffled|shuffles"),
    "may_depend": N_("may depend"),
    "cannot": N_("cannot depend|no path exists"),
    "not_known": N_("not known"),
}
"""By the key of a term in Words: how texts write it, the longest form first."""


def linked(text: str, *, beside: str = "") -> str:
    """A text in Markdown, in which each term leads to its place in Words where it first stands.

    Parameters
    ----------
    text : str
    beside : str
        What stands below, with links of its own: its terms are left alone, as in a heading above a paragraph.

    Examples
    --------
    >>> linked("Each head has a loss; a head adds up.")
    'Each [head](glossary#head) has a [loss](glossary#loss); a head adds up.'
    """
    return _linked(text, beside, spoken())


@functools.lru_cache(maxsize=1024)
def _linked(text: str, beside: str, _language: str) -> str:
    forms = {form.lower(): key for key, written in FORMS.items() for form in _(written).split("|")}
    pattern = _pattern(tuple(forms))
    seen = {forms.get(match[0].lower()) for match in pattern.finditer(beside)}

    def link(match: re.Match[str]) -> str:
        key = forms.get(match[0].lower())
        if key is None or key in seen:
            return match[0]
        seen.add(key)
        return f"[{match[0]}]({words_page()}#{key})"

    return pattern.sub(link, text)


@functools.lru_cache(maxsize=8)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """What may be a term, and what is passed over: a link, and code that is none."""
    written = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True) if "`" not in form)
    return re.compile(
        rf"\[[^\]]*\]\([^)]*\)|(?P<fence>`+)(?!`).+?(?<!`)(?P=fence)(?!`)|\b(?:{written})\b", re.IGNORECASE
    )
