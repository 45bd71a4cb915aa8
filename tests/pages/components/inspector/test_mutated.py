"""Files that were damaged on purpose are read, described and drawn, or refused in words: nothing else is ever raised.

A mutation follows from its number, so one that fails can be made again. What it found is kept as a file in `tests/data/hostile`.
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest

from mtl_core.inspect.examples import load_example
from pages.components.inspector import given
from pages.components.inspector.given import NotReadError
from tests.mtl_core.graph.config.test_formats import READABLE
from tests.mtl_core.graph.program.test_untrusted import mutated as changed_program
from tests.mtl_core.graph.test_hostile import entry, model
from tests.mtl_core.graph.test_hostile import given as an_input
from tests.pages.components.inspector.described import described

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

SHORT, LONG, SHARDS = 2_000, 100_000, 20


def small_models() -> list[dict[str, Any]]:
    """Models in which every name and number matters: shared, nested, sequential, stateful, with more than one end."""
    inner = model(
        [an_input("i"), an_input("k"), entry("j", ["i", "k"], "Add"), entry("d_input", ["k"])],
        ["i", "k"],
        ["j", "d_input"],
    )
    layers = [
        {"class_name": "Dense", "config": {"name": "d", "units": 2}},
        {"class_name": "LSTM", "config": {"name": "e", "units": 1, "stateful": True}},
    ]
    chain = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
    whole = model(
        [
            an_input("a"),
            an_input("b"),
            entry("sh", calls=[[["a", 0, 0, {}]], [["b", 0, 0, {}]]], units=3) | {"shared_object_id": 3},
            inner
            | {
                "name": "n",
                "inbound_nodes": [[["sh", 0, 0, {}], ["sh", 1, 0, {}]], [["b", 0, 0, {}], ["a", 0, 0, {}]]],
            },
            chain | {"name": "s", "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]},
            entry("td", ["n"], "TimeDistributed", layer=chain),
            entry("x", ["n", "a"], "Concatenate"),
            entry("y", ["s", "td"], "Lambda"),
        ],
        ["a", "b"],
        ["x", "y", "x"],
    )
    return [whole, whole, whole, chain, inner]


SMALL = small_models()
NAMES = (
    "a", "b", "sh", "n", "j", "i", "k", "n/j", "x", "y", "x[0]", "d", "d_input", "s", "e", "n#1", "sh#2", "a'1",
    "d_input_input", "s/d",
)  # fmt: skip
CLASSES = (
    "Dense", "Add", "Functional", "Sequential", "InputLayer", "Lambda", "Own>X", "GetItem", "TimeDistributed", "Bidirectional",
)  # fmt: skip


ODD = (
    "'\\ud800'", "'\\x00'", "'\\N{BULLET}'", "1e999", "10**17", "float('nan')", "name='\\ud800'", "0x" + "f" * 4000, "1j", "b'a'",
    "'x' * 300", "name='Head'", "...", "name='x[0]'", "'%c' % 0xD800", "range(10**30)", "{}", "[{}]",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands within a config, as keys and numbers from its root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def at(config: Any, place: Sequence[Any]) -> Any:
    """What stands at a place within a config."""
    for step in place:
        config = config[step]
    return config


def changed_config(chance: random.Random) -> dict[str, Any]:
    """A config of which one to four values are replaced, doubled or removed."""
    config = copy.deepcopy(chance.choice(EXAMPLES))
    for _change in range(chance.randint(1, 4)):
        *path, key = chance.choice([place for place in places(config) if place])
        holder = at(config, path)
        kind = chance.random()
        if kind < 0.15:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind < 0.45:
            holder[key] = copy.deepcopy(at(config, chance.choice([place for place in places(config) if place])))
        else:
            holder[key] = chance.choice(
                (chance.choice(NUMBERS), chance.choice(TEXTS), copy.deepcopy(chance.choice(NODES)))
            )
    return config


def confused_config(chance: random.Random) -> dict[str, Any]:
    """A small model of which one to four names, numbers or objects stand for one another."""
    config = copy.deepcopy(chance.choice(SMALL))
    for _change in range(chance.randint(1, 4)):
        *path, key = chance.choice([place for place in places(config) if place])
        holder = at(config, path)
        value, kind = holder[key], chance.random()
        if isinstance(value, dict) and kind < 0.5:
            value["shared_object_id"] = chance.choice((3, 3, 4))
        elif isinstance(value, str) and key != "class_name":
            holder[key] = chance.choice(NAMES)
        elif isinstance(value, int) and not isinstance(value, bool):
            holder[key] = chance.choice((0, 1, 2, 0, 1))
        elif isinstance(holder, list) and kind < 0.8:
            holder.insert(key, copy.deepcopy(chance.choice(holder)))
        elif isinstance(value, str):
            holder[key] = chance.choice(CLASSES)
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


def odd_program(chance: random.Random) -> bytes:
    """A program of the corpus that was changed, some of its texts and numbers replaced by odd ones."""
    parts = re.split(r"(\b\d+\b|'[^'\n]*'|\"[^\"\n]*\")", changed_program(chance.randrange(2**32)))
    for _change in range(chance.randint(0, 3)):
        parts[chance.randrange(len(parts))] = chance.choice(ODD)
    return "".join(parts).encode("utf-8", "replace")


def mutation(number: int) -> bytes:
    """The damaged file of a number."""
    chance = random.Random(number)
    kind = chance.random()
    if kind < 0.1:
        return odd_program(chance)
    if kind < 0.25:
        return flipped(chance.choice(FILES), chance)
    if kind < 0.4:
        return json.dumps(confused_config(chance)).encode()
    text = json.dumps(changed_config(chance)).encode()
    if kind < 0.45:
        text = text.replace(b"1", b"1" + b"0" * chance.choice((30, 400, 4300)), 1)
    return archive(text, chance) if kind < 0.6 else text


def survives(number: int) -> bool:
    """Give the file of a number, and ask for all that the page says of it; False if it is refused."""
    try:
        kept = given.read("a file", mutation(number))
    except NotReadError as error:
        for text in (str(error), *(remark.text for remark in error.remarks)):
            assert text.encode()
        return False
    return described(given.program_of(kept))


def test_damaged_files_are_read_described_and_drawn_or_refused_in_words(caplog: pytest.LogCaptureFixture) -> None:
    read = sum(survives(number) for number in range(SHORT))
    assert SHORT * 0.1 < read < SHORT * 0.9  # else the damage is too small or too large to find anything
    assert not [record for record in caplog.records if "raised" in record.message]  # the last doors stay unused


@pytest.mark.full
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_hundred_thousand_damaged_files_are_read_or_refused_in_words(shard: int) -> None:
    size = LONG // SHARDS
    for number in range(SHORT + shard * size, SHORT + (shard + 1) * size):
        try:
            survives(number)
        except Exception as error:
            raise AssertionError(f"mutation {number}") from error
