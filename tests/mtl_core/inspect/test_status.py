"""No sentence, cell or export claims more than the status of its pair: "cannot" is never said of what was not read."""

import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from mtl_core.graph.words import alt, findings, sight, table
from mtl_core.inspect import findings as words
from mtl_core.inspect.everything import as_dict
from mtl_core.inspect.model_explorer import model_explorer
from tests.mtl_core.graph.dense_graphs import model

CELLS = {"may": "may depend", "cannot": "cannot", "unknown": "not known"}


@st.composite
def graphs(draw: st.DrawFn) -> CallGraph:
    """Dense layers on one another, some of which were not read; inputs are i0, i1 …, layers c0, c1 …"""
    inputs = [f"i{n}" for n in range(draw(st.integers(1, 3)))]
    names = list(inputs)
    layers = {}
    for n in range(draw(st.integers(1, 7))):
        layers[f"c{n}"] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        names.append(f"c{n}")
    heads = draw(st.lists(st.sampled_from(list(layers)), min_size=1, max_size=3, unique=True))
    graph = model(inputs, layers, heads)
    unread = draw(st.sets(st.sampled_from(list(layers))))
    calls = tuple(dataclasses.replace(call, unread=call.id in unread, line=7) for call in graph.calls)
    return dataclasses.replace(graph, calls=calls, own_class=draw(st.sampled_from(["", "", "", "Mine"])))


def claims(sentence: str, graph: CallGraph) -> list[tuple[str, str, str]]:
    """What a sentence says of pairs: (status, head, input). `It` is the head that is named first."""
    text = sentence.replace("`", "").replace("*", "")
    subject, sentences = "", []
    for part in re.split(r"(?<=[.:])\s", text):
        heads = [name for name in re.findall(r"\bc\d+\b", part) if name in graph.outputs]
        subject = heads[0] if heads else subject
        for phrase, status in (
            ("may depend on", "may"),
            ("cannot depend on", "cannot"),
            ("is not known whether", "unknown"),
        ):
            if phrase in part and "pair" not in part:
                after = part.partition(phrase)[2]
                listed = re.split(r", through|, directly|:", after)[0]
                every = "every input" in listed or "any input" in listed
                names = graph.inputs if every else re.findall(r"\bi\d+\b", listed)
                subjects = heads if every and heads else [subject]
                sentences += [(status, head, name) for head in subjects for name in names]
    return sentences


@given(graphs())
def test_no_sentence_claims_more_than_the_status(graph: CallGraph) -> None:
    statuses = graph.statuses()
    assert statuses == {(head, name): graph.status(head, name) for head in graph.outputs for name in graph.inputs}
    every_pair = [words.between(graph, name, head) for head, name in statuses]
    sentences = [
        claim
        for sentence in (*findings(graph), *words.who_sees_what(graph), *words.false_paths(graph), *every_pair)
        for claim in claims(sentence, graph)
    ]
    assert {(head, name) for _status, head, name in sentences} == set(statuses)
    assert [(status, head, name) for status, head, name in sentences if statuses[head, name] != status] == []


@given(graphs())
def test_the_matrix_and_the_headline_say_the_status(graph: CallGraph) -> None:
    statuses = graph.statuses()
    cells = {
        (head, name): cell for head, *row in words.matrix(graph) for name, cell in zip(graph.inputs, row, strict=True)
    }
    assert cells == {pair: CELLS[status] for pair, status in statuses.items()}
    headline, kinds = words.headline(graph), set(statuses.values())
    assert ("not known" in headline.lower()) == ("unknown" in kinds)
    assert ("cannot" in headline or "no path" in headline) == ("cannot" in kinds)
    if "may depend" in headline and "unknown" not in kinds:
        assert kinds == {"may"}
    assert not ("unknown" in kinds and "exists" in words.drawn(graph))
    told = " ".join(words.who_sees_what(graph))
    assert not (
        "Every input reaches" in told
        and any(all(statuses[head, name] != "may" for head in graph.outputs) for name in graph.inputs)
    )


@given(graphs())
def test_exports_keep_may_and_not_known_apart(graph: CallGraph) -> None:
    told = as_dict(graph)
    for head, may, unknown in zip(told["outputs"], told["may_depend"], told["not_known"], strict=True):
        for number, name in enumerate(told["inputs"]):
            listed = "may" if number in may else "unknown" if number in unknown else "cannot"
            assert listed == graph.status(head, name)
    assert all(
        graph.status(told["outputs"][pair["output"]], told["inputs"][pair["input"]]) == "cannot"
        for pair in told["false_paths"]
    )
    nodes = json.loads(model_explorer(graph))["graphCollections"][0]["graphs"][0]["nodes"]
    for node, row, call in zip(nodes, table(graph), graph.calls, strict=True):
        seen = {pair["key"]: pair["value"] for pair in node["attrs"]}.get("sees inputs", "")
        assert seen == row["sees"]
        sure = set(re.findall(r"\bi\d\b", seen.partition("not known")[0]))
        assert sure == set(graph.surely_seen_by(call.id))


@given(graphs())
def test_a_head_in_the_drawing_says_what_is_not_known(graph: CallGraph) -> None:
    for head in graph.outputs:
        kinds = {graph.status(head, name) for name in graph.inputs}
        assert ("not known" in sight(graph, head)) == ("unknown" in kinds)
    assert ("not known what it does" in graph.to_dot()) == any(call.unread for call in graph.calls)
    assert "is not known" in alt(graph) or "unknown" not in graph.statuses().values()


PROGRAM = """
from keras.layers import Input, Dense, concatenate
from keras.models import Model
a = Input((4,), name="a")
b = Input((4,), name="b")
hidden = mystery(a)
model = Model([a, b], [Dense(1, name="sure")(b), Dense(1, name="unsure")(hidden)])
"""


def test_what_was_not_read_is_named_with_its_line() -> None:
    graph = read_program(PROGRAM).models["model"]
    assert graph.status("sure", "a") == "cannot"
    assert graph.status("unsure", "a") == "unknown"
    assert words.between(graph, "a", "unsure").endswith("leads through what could not be read: `hidden` (line 6).")
    assert "hidden (line 6) could not be read" in " ".join(findings(graph))


@pytest.mark.parametrize("own", ["", "Mine"])
def test_plot_model_s_false_paths_are_only_named_where_none_can_exist(own: str) -> None:
    graph = model(["i0", "i1"], {"c0": ["i0"], "c1": ["i1"]}, ["c0", "c1"])
    twice = dataclasses.replace(graph, layer_edges=(*graph.layer_edges, ("i1", "c0")), own_class=own)
    assert twice.false_paths() == (() if own else (("i1", "c0"),))
