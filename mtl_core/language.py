"""Every sentence a visitor reads passes through `_`, so that a second language is a file and not a rewrite.

`gettext` looks a message up in `assets/locale/<language>/LC_MESSAGES/mtl.mo` and falls back to the English in the code.
The *pseudo-locale* "qps" needs no file: it accents each letter and lengthens each message by 40 %, which makes a sentence
that escaped translation, and a box that is too small, visible at a glance.

Which language is asked for at every call, because one process serves visitors of several languages at once: the app
tells `language_from` how to look it up.
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

__all__ = ["N_", "Pseudo", "_", "language_from", "ngettext", "speaking", "spoken", "unlinked", "words_page"]

LOCALE = Path(__file__).parent.parent / "assets" / "locale"

_LINK = re.compile(r"\[([^]]+)\]\(glossary(?:\?lang=\w+)?#\w+\)")

_language: Callable[[], str] = str  # "" until `language_from` was called
_spoken: ContextVar[str] = ContextVar("spoken", default="")

_ACCENTS = str.maketrans("aceinouyACEINOUY", "àçéîñôûýÀÇÉÎÑÔÛÝ")
_KEPT = re.compile(r"(\{[^}]*\}|`[^`]*`|<[^>]*>|\]\([^)]*\)|https?://\S+|:[a-z_]+\[|:material/\w+:|%\(\w+\)\w|%[sd%])")


def language_from(lookup: Callable[[], str]) -> None:
    """Set the function that gives the present visitor's language, or "" where there is no visitor."""
    global _language
    _language = lookup


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this block the language is this one: for a visitor's page, and for work that is done after it."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The present visitor's language."""
    return _spoken.get() or _language() or "en"


def _(message: str) -> str:
    """`message` in the present visitor's language; its links to Words lead there in that language."""
    language = spoken()
    text = _catalogue(language).gettext(message) if message else ""
    return text.replace("](glossary#", f"]({_words_in(language)}#")


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many`, as the language counts."""
    return _catalogue(spoken()).ngettext(one, many, n)


def N_(message: str) -> str:  # noqa: N802
    """Mark a message that is stored now and translated where it is shown."""
    return message


def words_page() -> str:
    """The page of Words in the present visitor's language; it opens beside the one that is read, as another session."""
    return _words_in(spoken())


def unlinked(text: str) -> str:
    """A text in Markdown without its links to Words, for paper and for files.

    Examples
    --------
    >>> unlinked("Each [head](glossary#head) has a loss.")
    'Each head has a loss.'
    """
    return _LINK.sub(r"\1", text)


class Pseudo(gettext.NullTranslations):
    """Every message in brackets, accented and 40 % longer."""

    def gettext(self, message: str) -> str:
        """`message`, marked; its placeholders, code and links untouched."""
        parts = _KEPT.split(message)
        accented = "".join(part if i % 2 else part.translate(_ACCENTS) for i, part in enumerate(parts))
        return f"⟦{accented}{'·' * round(0.4 * len(message))}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        """As English counts."""
        return self.gettext(one if n == 1 else many)


def _words_in(language: str) -> str:
    return "glossary" if language == "en" else f"glossary?lang={language}"


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "qps":
        return Pseudo()
    return gettext.translation("mtl", LOCALE, languages=[language], fallback=True)
