"""Files that were damaged on purpose are read, described and drawn, or refused in words: nothing else is ever raised.

A mutation follows from its number, so a number that once failed is kept in `KEPT` and tried for ever.
"""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from typing import Any

import pytest

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.words import alt, findings, table
from mtl_core.inspect.examples import load_example
from tests.mtl_core.graph.config.test_formats import READABLE

EXAMPLES = [json.loads(load_example(name)) for name in ("siamese", "three_heads", "image_text")]
FILES = list(READABLE.values())

NUMBERS = (0, -1, 1, 10**18, -(10**30), 0.5, float("nan"), float("inf"), True)
TEXTS = (
    "",
    "x",
    "\ud800",
    "\x00",
    "\\N",
    "Head",
    "../../etc/passwd",
    "<script>",
    "é" * 300,
    "x[0]",
    "Dense",
    "Lambda",
    "a\nb",
)
NODES: tuple[Any, ...] = (None, [], {}, [[]], [["encoder", 0, 0, {}]], {"class_name": "__tuple__", "items": []})

KEPT: tuple[int, ...] = ()
"""Mutations that once raised something else, or hung."""

SHORT, LONG, SHARDS = 2_000, 100_000, 20


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands within a config, as keys and numbers from its root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def changed_config(chance: random.Random) -> dict[str, Any]:
    """A config of which one to four values are replaced, doubled or removed."""
    config = copy.deepcopy(chance.choice(EXAMPLES))
    for _change in range(chance.randint(1, 4)):
        *path, key = chance.choice([place for place in places(config) if place])
        holder = config
        for step in path:
            holder = holder[step]
        kind = chance.random()
        if kind < 0.15:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind < 0.45:
            other = chance.choice([place for place in places(config) if place])
            value = config
            for step in other:
                value = value[step]
            holder[key] = copy.deepcopy(value)
        else:
            holder[key] = chance.choice(
                (chance.choice(NUMBERS), chance.choice(TEXTS), copy.deepcopy(chance.choice(NODES)))
            )
    return config


def archive(text: bytes, chance: random.Random) -> bytes:
    """A `.keras` file with a name that may be no text, and a header that may say anything."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as opened:
        opened.writestr(chance.choice(("config.json", "config.json", "model/config.json", "é.json")), text)
        opened.writestr("metadata.json", "{}")
    data = bytearray(file.getvalue())
    end = data.rfind(b"PK\5\6")
    for _flip in range(chance.randint(0, 3)):
        data[chance.choice((chance.randrange(len(data)), chance.randrange(end, len(data))))] = chance.randrange(256)
    return bytes(data)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, a piece cut out or doubled, the end cut off."""
    spoilt = bytearray(data)
    for _flip in range(chance.randint(0, 6)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    start = chance.randrange(len(spoilt))
    piece = slice(start, start + chance.randint(1, 200))
    kind = chance.random()
    if kind < 0.2:
        del spoilt[piece]
    elif kind < 0.4:
        spoilt[start:start] = spoilt[piece]
    elif kind < 0.5:
        del spoilt[start:]
    return bytes(spoilt)


def mutation(number: int) -> bytes:
    """The damaged file of a number."""
    chance = random.Random(number)
    kind = chance.random()
    if kind < 0.25:
        return flipped(chance.choice(FILES), chance)
    text = json.dumps(changed_config(chance)).encode()
    if kind < 0.35:
        text = text.replace(b"1", b"1" + b"0" * chance.choice((30, 400, 4300)), 1)
    return archive(text, chance) if kind < 0.6 else text


def survives(number: int) -> bool:
    """Read the file of a number, and what is read also in words and as drawings; False if it is refused."""
    try:
        graph = CallGraph.from_file(mutation(number))
        words = "\n".join((alt(graph), *findings(graph), str(table(graph)), str(graph.statuses())))
        drawings = graph.to_dot(), graph.to_dot("layers", explain=True)
    except ModelFileError as error:
        words, drawings = str(error), ()
    for text in (words, *drawings):
        text.encode()  # half a character could not be sent to a browser
    assert words
    return bool(drawings)


def test_damaged_files_are_read_described_and_drawn_or_refused_in_words() -> None:
    for number in KEPT:
        survives(number)
    read = sum(survives(number) for number in range(SHORT))
    assert SHORT * 0.1 < read < SHORT * 0.9  # else the damage is too small or too large to find anything


@pytest.mark.full
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_hundred_thousand_damaged_files_are_read_or_refused_in_words(shard: int) -> None:
    size = LONG // SHARDS
    for number in range(SHORT + shard * size, SHORT + (shard + 1) * size):
        try:
            survives(number)
        except Exception as error:
            raise AssertionError(f"mutation {number}") from error
