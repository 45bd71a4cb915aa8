"""The table of Keras's layers in `docs/limits.md`: what is known of each, and why the rest is not.

`python -m tests.mtl_core.graph.config.layers.limits` writes it; a test holds it to the rules and their cases.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.mtl_core.graph.config.layers.cases import all_cases

ROOT = Path(__file__).parents[5]
TABLE_FILE = ROOT / "docs" / "limits.md"
KERAS_2_FILE = ROOT / "tests" / "data" / "keras2" / "layers" / "layers.json"
OPERATIONS_FILE = KERAS_2_FILE.with_name("operations.json")
BEGIN, END = "<!-- layers:begin -->\n", "<!-- layers:end -->"


class Limit(NamedTuple):
    """What of a class is unknown, and the reason."""

    count: bool
    shape: bool
    reason: str


_BASE = Limit(True, True, "A base class: what it does is in the class that somebody makes of it.")
_FOREIGN = Limit(True, True, "Its weights are in another program's objects, of which a config says nothing.")

LIMITS = {
    "AbstractRNNCell": _BASE,
    "Layer": _BASE,
    "Wrapper": _BASE,
    "DenseFeatures": Limit(True, True, "Its columns are TensorFlow's; Keras 3 has it no more."),
    "FlaxLayer": _FOREIGN,
    "JaxLayer": _FOREIGN,
    "TFSMLayer": _FOREIGN,
    "TorchModuleWrapper": _FOREIGN,
    "Lambda": Limit(False, True, "Somebody's code, which is never run; known where `output_shape` is a list."),
    "MaxNumBoundingBoxes": Limit(True, True, "It reads a table of pictures and boxes, not a tensor."),
    "ReversibleEmbedding": Limit(False, True, "Called with `reverse=True` it makes another one."),
}

REMARKS = {
    "Concatenate": "Axes that the shapes don't fix are open.",
    "Hashing": "The shape is the one that it makes; Keras 3.15 declares another for `one_hot` over several columns.",
    "TimeDistributed": "A model inside is opened up and counted.",
    "TextVectorization": "The shape is the one that it makes; Keras 3.15 declares an axis more unless the mode is `int`.",
    "MultiHeadAttention": "The count needs the shapes of query and value, which Keras saves with the layer.",
    "GroupQueryAttention": "The count needs the shapes of query and value, which Keras saves with the layer.",
}

CHECKED_APART = {"InputLayer", "Equalization"}


def table(keras_3: dict[str, int], keras_2: dict[str, int]) -> str:
    """The table between the marks, from the number of cases of each class in Keras 3 and in Keras 2."""
    lines = ["| layer | Keras 3.15 | Keras 2.15 | count | shape | remark |", "|---|---|---|---|---|---|"]
    for name in sorted(keras_3.keys() | keras_2.keys() | LIMITS.keys() | CHECKED_APART, key=str.lower):
        limit = LIMITS.get(name, Limit(False, False, REMARKS.get(name, "")))
        count, shape = ("unknown" if unknown else "exact" for unknown in limit[:2])
        cases = [str(tried.get(name) or "–") for tried in (keras_3, keras_2)]
        lines.append(f"| `{name}` | {' | '.join(cases)} | {count} | {shape} | {limit.reason} |")
    return "\n".join(lines) + "\n"


def cases_of_keras_2() -> Counter[str]:
    """How many cases of each class were recorded."""
    return Counter(record["layer"]["class_name"] for record in json.loads(KERAS_2_FILE.read_text()))


def write() -> None:
    """Put the table into the document."""
    keras_3 = {name: len(cases) for name, cases in all_cases().items()}
    before, rest = TABLE_FILE.read_text().split(BEGIN)
    TABLE_FILE.write_text(before + BEGIN + table(keras_3, cases_of_keras_2()) + END + rest.split(END)[1])


if __name__ == "__main__":
    write()
