"""The YAML of Keras 1 and 2, `model.to_yaml()`: lists, tables, texts and numbers, as JSON has them, and nothing else.

The values are made here, from what a scanner of YAML found, so no tag of a file chooses what is made. An alias (`*a`) counts as all
that it stands for: a few hundred bytes of aliases of aliases would stand for more than any memory holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from mtl_core.graph.config.formats.text import MAX_CONFIG_BYTES, bounded
from mtl_core.graph.config.untrusted import Budget, ModelFileError, whole
from mtl_core.language import _

__all__ = ["config_of_yaml", "is_yaml"]

_KEY = re.compile(r"^(class_name|config|layers)\s*:", re.MULTILINE)
_OWN_TAGS = re.compile(r"^%TAG", re.MULTILINE)
"""Names for tags, which Keras never wrote and a scanner compares with one another: 300,000 would take it minutes."""

_SCANNER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The scanner in C, where PyYAML was built with it: Python's asks nobody while it reads one text, 3 s for 4 MB."""

_WORDS = {
    "": None, "~": None, "null": None, "true": True, "false": False,
    ".inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan"),
}  # fmt: skip
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def config_of_yaml(text: str) -> Any:
    """The config that `model.to_yaml()` wrote.

    Raises
    ------
    ModelFileError
        If it is no YAML, too large, or takes too long.
    """
    if len(text) > MAX_CONFIG_BYTES:
        raise ModelFileError(_("The model's description is larger than {most:,} bytes.").format(most=MAX_CONFIG_BYTES))
    if _OWN_TAGS.search(text):
        raise ModelFileError(_("This is not valid YAML."))
    try:
        return _Values(yaml.parse(whole(text), _SCANNER)).first()
    except RecursionError:
        raise ModelFileError(_("The YAML is nested too deeply to be a model.")) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _unexpected(mark) if mark else ModelFileError(_("This is not valid YAML.")) from None


def is_yaml(text: str) -> bool:
    """Whether a text is like the YAML of a Keras model: a table with one of the keys that a config has."""
    return bool(_KEY.search(text))


class _Values:
    """Makes plain values of what the scanner finds."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._budget = Budget()
        self._size = 0
        self._named: dict[str, tuple[Any, int]] = {}

    def first(self) -> Any:
        """The value of the first document."""
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                return self._value(event)
        return None

    def _value(self, event: Any) -> Any:
        self._budget.clock()
        before = self._size
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._named:  # or it stands for what it is in
                raise _unexpected(event.start_mark)
            value, size = self._named[event.anchor]
            self._count(size)
            return value
        if isinstance(event, yaml.ScalarEvent):
            self._count(len(event.value))
            value = _plain(event.value) if event.implicit[0] else whole(event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = [self._value(item) for item in self._until(yaml.SequenceEndEvent)]
        else:
            value = {self._key(key): self._value(next(self._events)) for key in self._until(yaml.MappingEndEvent)}
        self._count(1)
        if event.anchor:
            self._named[event.anchor] = value, self._size - before
        return value

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _unexpected(event.start_mark)
        self._count(len(event.value))
        return whole(event.value)

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_CONFIG_BYTES:  # as a text of allowed length is only by its aliases
            raise ModelFileError(
                _(
                    "The YAML repeats parts of itself (* and a name) until it stands for more than {most:,} bytes."
                ).format(most=MAX_CONFIG_BYTES)
            )


def _plain(text: str) -> Any:
    """What a text without quotes stands for."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE_NUMBER.fullmatch(text):
        return bounded(text)
    return float(text) if _NUMBER.fullmatch(text) else whole(text)


def _unexpected(mark: Any) -> ModelFileError:
    return ModelFileError(
        _("This is not valid YAML: something else was expected in line {line}.").format(line=mark.line + 1)
    )
