"""Two models side by side: what changed is what the two graphs' statuses and shared layers say, whatever names they use."""

import dataclasses

from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from mtl_core.inspect import compare as words
from mtl_core.inspect.compare import Change, compare
from mtl_core.inspect.examples import load_example
from mtl_core.inspect.findings import headline
from tests.mtl_core.graph.dense_graphs import model

SEPARATE = """
a = Input((4,)); b = Input((4,))
model = Model([a, b], [Dense(1, name="one")(LSTM(8, name="lstm_a")(a)), Dense(1, name="two")(LSTM(8, name="lstm_b")(b))])
"""
SHARED = """
a = Input((4,)); b = Input((4,))
lstm = LSTM(8, name="lstm")
both = concatenate([lstm(a), lstm(b)])
model = Model([a, b], [Dense(1, name="one")(both), Dense(1, name="two")(both)])
"""


def graph_of(program: str) -> CallGraph:
    return read_program(program).models["model"]


def test_an_edit_that_shares_and_concatenates_is_told_as_that() -> None:
    comparison = compare(graph_of(SEPARATE), graph_of(SHARED))
    assert comparison.changes == (Change("one", "b", "cannot", "may"), Change("two", "a", "cannot", "may"))
    assert comparison.became_shared == ("lstm",)
    text = " ".join(words.sentences(comparison))
    assert words.headline(comparison) == "2 of 4 pairs changed"
    assert "`one` could not depend on `b`, and now may: a path leads there." in text
    assert "Shared in the second model only: `lstm`." in text


def test_the_same_backwards() -> None:
    comparison = compare(graph_of(SHARED), graph_of(SEPARATE))
    assert comparison.stopped_being_shared == ("lstm",)
    assert "`one` could depend on `b`, and no longer can: no path is left." in " ".join(words.sentences(comparison))


def test_the_question_s_two_cases_share_the_same_layer_and_differ_in_two_pairs_and_128_parameters() -> None:
    comparison = compare(*(CallGraph.from_json(load_example(name)) for name in ("case1", "case2")))
    assert (len(comparison.changes), comparison.still_shared) == (2, ("shared_lstm",))
    assert comparison.parameters == (82_434, 82_306)


def test_a_model_does_not_differ_from_itself() -> None:
    same = CallGraph.from_json(load_example("three_heads"))
    comparison = compare(same, same)
    assert comparison.changes == ()
    assert words.headline(comparison) == "No pair of a head and an input changed"
    assert not comparison.by_position


def test_heads_of_other_names_belong_together_by_position_and_that_is_said() -> None:
    comparison = compare(
        model(["a", "b"], {"d": ["a"], "e": ["b"]}, ["d", "e"]),
        model(["a", "b"], {"f": ["a", "b"], "g": ["b"]}, ["f", "g"]),
    )
    assert comparison.changes == (Change("d", "b", "cannot", "may"),)
    assert "taken for the same by their position: `d` = `f` and `e` = `g`." in " ".join(words.sentences(comparison))


def test_heads_and_inputs_in_another_order_still_belong_together_by_name() -> None:
    comparison = compare(
        model(["a", "b"], {"d": ["a"], "e": ["b"]}, ["d", "e"]), model(["b", "a"], {"d": ["a"], "e": ["b"]}, ["e", "d"])
    )
    assert comparison.changes == ()
    assert not comparison.by_position


def test_what_only_one_model_has_is_named() -> None:
    comparison = compare(model(["a"], {"d": ["a"]}, ["d"]), model(["a", "b"], {"d": ["a"], "e": ["b"]}, ["d", "e"]))
    assert comparison.new == ("e", "b")
    assert "Only the second model has `e` and `b`." in " ".join(words.sentences(comparison))


def test_what_became_unknown_is_no_cannot() -> None:
    known = model(["a", "b"], {"d": ["a"]}, ["d"])
    doubtful = dataclasses.replace(known, calls=tuple(dataclasses.replace(c, unread=c.id == "d") for c in known.calls))
    (change,) = compare(known, doubtful).changes
    assert (change.input, change.after) == ("a", "unknown")
    assert "now that is not known" in " ".join(words.sentences(compare(known, doubtful)))


def test_the_table_has_every_pair_with_the_changed_ones_first() -> None:
    rows = words.rows(compare(graph_of(SEPARATE), graph_of(SHARED)))
    assert [row["changed"] for row in rows] == ["yes", "yes", "no", "no"]
    assert rows[0] == {
        "head": "one", "input": "b", "first model": "cannot", "second model": "may depend", "changed": "yes",
    }  # fmt: skip


def test_models_without_anything_in_common_have_nothing_to_compare() -> None:
    comparison = compare(model(["a"], {"d": ["a"]}, ["d"]), model(["b", "c"], {"e": ["b"], "f": ["c"]}, ["e", "f"]))
    assert words.headline(comparison) == "The two models have no head and input in common"


def test_of_many_changes_the_first_are_told_and_no_table_is_promised_that_may_be_cut_off() -> None:
    inputs, heads = [f"i{n}" for n in range(60)], [f"d{n}" for n in range(60)]
    before = model(inputs, dict(zip(heads, ([name] for name in inputs), strict=True)), heads)
    after = model(inputs, dict.fromkeys(heads, inputs), heads)
    comparison = compare(before, after)
    assert words.headline(comparison) == "3,540 of 3,600 pairs changed"
    assert list(words.sentences(comparison))[12] == "And 3,528 more."
    assert headline(before) == "Each head reads one input and cannot depend on any other"
    assert headline(
        model(inputs, dict(zip(heads, ([*inputs[:n], inputs[-1]] for n in range(60)), strict=True)), heads)
    ) == ("1,770 of 3,600 pairs of a head and an input have no path")
