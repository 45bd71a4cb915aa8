"""The picture is the graph: its boxes, arrows, colours and words say what is true, and can be read."""

import html
import itertools
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph import CallGraph
from mtl_core.graph.draw.style import HUES, WARNING
from mtl_core.inspect.examples import EXAMPLES, load_example
from mtl_core.palette import DARK, LIGHT, contrast
from mtl_core.spec import DataSpec, ModelSpec
from tests.mtl_core.graph import graph_zoo

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's program is not installed")

MERGES, ENCODERS, HIDDEN = ("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 16)
SPECS = {
    f"{merge}-{encoder}-{hidden}": ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge, encoder, hidden in itertools.product(MERGES, ENCODERS, HIDDEN)
}
BLUE, ORANGE = "#0072B2", "#C77700"
SPLIT = "#CCE3F3;0.5:#FBE3BF"


def graph_of(**spec):
    return CallGraph.from_spec(ModelSpec(**spec), DataSpec(tweets="numbers"))


def laid_out(source):
    """What Graphviz makes of a picture: attributes and positions of every box and arrow, in points."""
    done = subprocess.run(["dot", "-Tjson"], input=source.encode(), capture_output=True, check=True)
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)


def boxes(picture):
    """Boxes with a class by name; captions have none."""
    return {box["name"]: box for box in picture["objects"] if "class" in box}


def arrows(picture):
    names = {box["_gvid"]: box["name"] for box in picture["objects"]}
    return [(names[edge["tail"]], names[edge["head"]], edge) for edge in picture.get("edges", ())]


def text_of(box):
    text = html.unescape(re.sub(r"<[^>]*>", " ", box["label"].replace("<br/>", "\n")))
    return text.replace("\\\\", "\\")  # as it is drawn: Graphviz reads a pair as one


# What it says


@needs_dot
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_there_is_a_box_for_every_call_and_an_arrow_for_every_reading(spec):
    graph = CallGraph.from_spec(spec, DataSpec(tweets="numbers"))
    picture = laid_out(graph.to_dot())
    assert set(boxes(picture)) == {call.id for call in graph.calls}
    drawn = {(tail, head) for tail, head, edge in arrows(picture) if edge.get("dir") != "none"}
    assert drawn == set(graph.edges)


@needs_dot
def test_each_head_says_how_many_parameters_it_has_and_what_it_reads():
    heads = {name: text_of(box) for name, box in boxes(laid_out(graph_of().to_dot())).items() if "pred" in name}
    assert all("33 parameters" in text and "reads both tweets" in text for text in heads.values())
    alone = boxes(laid_out(graph_of(merge="none").to_dot()))
    assert "17 parameters" in text_of(alone["predictions1"])
    assert "reads its own tweet only" in text_of(alone["predictions2"])


@needs_dot
def test_a_general_head_says_what_it_reads_by_name():
    picture = boxes(laid_out(CallGraph.from_json(load_example("three_heads")).to_dot()))
    assert "reads tweet_a only" in text_of(picture["mood_a"])
    assert "reads both inputs" in text_of(picture["same_author"])
    assert "reads all 3 inputs" in text_of(
        boxes(laid_out(CallGraph.from_json(load_example("tickets")).to_dot()))["priority"]
    )


@needs_dot
def test_what_carries_both_tweets_is_split_in_both_colours_and_nothing_else_is():
    for merge in ("concatenate", "none"):
        graph = graph_of(merge=merge)
        picture = laid_out(graph.to_dot())
        for name, box in boxes(picture).items():
            assert (box["fillcolor"] == SPLIT) is (len(graph.seen_by(name)) == 2)
        for tail, _head, edge in arrows(picture):
            if edge.get("dir") != "none":
                expected = {"tweet_a": BLUE, "tweet_b": ORANGE}
                assert edge["color"] == ":".join(expected[name] for name in graph.seen_by(tail))


@needs_dot
def test_the_calls_of_the_shared_lstm_are_framed_and_tied_by_their_weights():
    picture = laid_out(graph_of().to_dot())
    frames = [box for box in picture["objects"] if box["name"].startswith("cluster")]
    assert len(frames) == 1
    assert "dashed" in frames[0]["style"]
    ties = [(tail, head) for tail, head, edge in arrows(picture) if edge.get("style") == "dotted"]
    (first, weights), (also, second) = ties
    assert (first, second, weights) == ("shared_lstm#1", "shared_lstm#2", also)
    caption = next(text_of(box) for box in picture["objects"] if box["name"] == weights)
    assert [line.strip() for line in caption.splitlines()] == ["shared_lstm", "same weights", "(1,600)"]
    apart = laid_out(graph_of(encoder="separate").to_dot())
    assert not [box for box in apart["objects"] if box["name"].startswith("cluster")]


@needs_dot
def test_a_highlight_lights_what_reaches_the_head_and_dashes_the_rest():
    graph = graph_of(merge="none")
    picture = laid_out(graph.to_dot(highlight="predictions1"))
    for name, box in boxes(picture).items():
        lit = name in {"tweet_a", "shared_lstm#1", "predictions1"}
        assert ("dashed" in box["style"], "fillcolor" in box) == (not lit, lit)
    for tail, _head, edge in arrows(picture):
        if edge.get("style") != "dotted":
            assert (edge.get("style") == "dashed") is (tail in {"tweet_b", "shared_lstm#2"})


def test_a_highlight_may_be_an_input_and_must_be_one_or_a_head():
    assert graph_of(merge="none").to_dot(highlight="tweet_a") == graph_of(merge="none").to_dot(highlight="predictions1")
    with pytest.raises(KeyError):
        graph_of().to_dot(highlight="shared_lstm")


# The layers view


@needs_dot
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_layers_view_draws_the_boxes_and_arrows_of_plot_model(name):
    graph = CallGraph.from_json(load_example(name))
    picture = laid_out(graph.to_dot("layers"))
    assert set(boxes(picture)) == {layer.name for layer in graph.layers}
    assert sorted((tail, head) for tail, head, _edge in arrows(picture)) == sorted(graph.layer_edges)


@needs_dot
@pytest.mark.parametrize(
    ("chosen", "route"),
    [
        (None, {("tweet_b", "shared_lstm"), ("shared_lstm", "predictions1")}),
        ("predictions2", {("tweet_a", "shared_lstm"), ("shared_lstm", "predictions2")}),
    ],
)
def test_explained_it_says_and_traces_the_path_that_does_not_exist(chosen, route):
    picture = laid_out(graph_of(merge="none").to_dot("layers", explain=True, highlight=chosen))
    assert "no such path from tweet_b" in text_of(boxes(picture)["predictions1"])
    assert "no such path from tweet_a" in text_of(boxes(picture)["predictions2"])
    assert {(tail, head) for tail, head, edge in arrows(picture) if edge.get("style") == "dashed"} == route


def test_where_all_paths_exist_there_is_nothing_to_explain():
    assert graph_of().to_dot("layers", explain=True) == graph_of().to_dot("layers")


# Nested models


@needs_dot
def test_a_nested_model_folds_up_into_one_box_a_call():
    graph = CallGraph.from_json(load_example("siamese"))
    folded = boxes(laid_out(graph.to_dot(collapsed=["encoder"])))
    assert set(folded) == {"left", "right", "encoder#1", "encoder#2", "subtract", "absolute", "same"}
    assert "nested model of 5 calls" in text_of(folded["encoder#1"])
    assert set(boxes(laid_out(graph.to_dot(collapsed=["encoder#2"])))) == (
        set(folded) - {"encoder#1"} | {call.id for call in graph.calls if "encoder#1" in call.groups}
    )


@needs_dot
def test_a_folded_box_says_when_a_way_in_does_not_lead_to_every_way_out():
    graph = CallGraph.from_model(graph_zoo.nested_with_swapped_outputs())
    picture = laid_out(graph.to_dot(collapsed=["inner"]))
    assert "not every way in leads to every way out" in text_of(boxes(picture)["inner#1"])
    leaving = {head: edge["color"] for tail, head, edge in arrows(picture) if tail == "inner#1"}
    assert leaving == {"one": ORANGE, "two": BLUE}
    siamese = CallGraph.from_json(load_example("siamese")).to_dot(collapsed=["encoder"])
    assert "not every way" not in siamese


NESTED = ("nested_three_deep", "shared_nested_called_on_swapped_inputs", "nested_outputs_are_the_models_outputs")


@needs_dot
@pytest.mark.parametrize("make", NESTED)
def test_a_frame_holds_the_calls_of_its_nested_model_and_no_other(make):
    graph = CallGraph.from_model(getattr(graph_zoo, make)())
    picture = laid_out(graph.to_dot())
    at = {name: tuple(map(float, box["pos"].split(","))) for name, box in boxes(picture).items()}
    framed = set()
    for frame in (box for box in picture["objects"] if box["name"].startswith("cluster")):
        left, low, right, high = map(float, frame["bb"].split(","))
        framed.add(frozenset(name for name, (x, y) in at.items() if left < x < right and low < y < high))
    groups = {group for call in graph.calls for group in call.groups}
    assert framed == {frozenset(call.id for call in graph.calls if group in call.groups) for group in groups}


@needs_dot
def test_calls_that_share_weights_stand_side_by_side_with_the_weights_between():
    for source in (
        CallGraph.from_model(graph_zoo.shared_nested_called_on_swapped_inputs()).to_dot(collapsed=["inner"]),
        CallGraph.from_json(load_example("siamese")).to_dot(collapsed=["encoder"]),
        graph_of(merge="none").to_dot(),
    ):
        picture = laid_out(source)
        at = {box["name"]: float(box["pos"].split(",")[0]) for box in picture["objects"] if "pos" in box}
        ties = [(tail, head) for tail, head, edge in arrows(picture) if edge.get("style") == "dotted"]
        assert len(ties) == 2
        assert all(at[tail] < at[head] for tail, head in ties)


# Whether it can be read


PICTURES = {f"spec {name}": CallGraph.from_spec(spec, DataSpec(tweets="numbers")) for name, spec in SPECS.items()} | {
    f"example {name}": CallGraph.from_json(load_example(name)) for name in EXAMPLES
}


def bezier(points, steps=20):
    """Points along the cubic splines that Graphviz draws an arrow with."""
    for start in range(0, len(points) - 3, 3):
        p = points[start : start + 4]
        for i in range(steps + 1):
            t = i / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            yield tuple(sum(w * point[axis] for w, point in zip(weights, p, strict=True)) for axis in (0, 1))


def spline(edge):
    return [tuple(map(float, pair.split(","))) for pair in edge["pos"].split() if not pair.startswith(("e,", "s,"))]


@needs_dot
@pytest.mark.parametrize("graph", PICTURES.values(), ids=PICTURES)
def test_no_arrow_crosses_any_text(graph):
    picture = laid_out(graph.to_dot())
    drawn = {box["_gvid"]: box for box in picture["objects"] if "pos" in box}
    assert not any(box.get("label") for box in picture["objects"] if box["name"].startswith("cluster"))
    assert not any(edge.get("label") or edge.get("xlabel") for edge in picture["edges"])
    for edge in picture["edges"]:
        for number, box in drawn.items():
            if number in (edge["tail"], edge["head"]):
                continue
            x, y = map(float, box["pos"].split(","))
            half = 36 * float(box["width"]) - 1, 36 * float(box["height"]) - 1
            inside = [p for p in bezier(spline(edge)) if abs(p[0] - x) < half[0] and abs(p[1] - y) < half[1]]
            assert not inside, f"an arrow crosses {box['name']}"


@needs_dot
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_the_question_s_models_fit_a_phone_without_shrinking_much(spec):
    """A column of 340 pixels takes 255 points; text of 10 points may shrink to 8.5, which is 11 pixels."""
    wide = [DataSpec(), DataSpec(tweets="numbers", timesteps=280, features=256)]
    for data in wide:
        width = float(laid_out(CallGraph.from_spec(spec, data).to_dot())["bb"].split(",")[2])
        assert width * 0.85 <= 255


def test_text_and_lines_stand_out_in_both_themes():
    for dark, colours in ((False, LIGHT), (True, DARK)):
        assert HUES[dark][0] == (colours.line["tweet_a"], colours.tint["tweet_a"])
        assert HUES[dark][1] == (colours.line["tweet_b"], colours.tint["tweet_b"])
        for line, tint in HUES[dark]:
            assert contrast(colours.ink, tint) >= 4.5
            assert contrast(line, colours.paper) >= 3
        for text in (colours.ink, WARNING[dark]):
            assert contrast(text, colours.grid) >= 4.5
        assert contrast(colours.muted, colours.paper) >= 4.5
        assert contrast(WARNING[dark], colours.paper) >= 4.5


def test_the_page_s_background_shows_through_and_the_themes_differ():
    light, dark = graph_of().to_dot(), graph_of().to_dot(dark=True)
    assert "bgcolor=transparent" in light
    assert "bgcolor=transparent" in dark
    assert LIGHT.ink in light
    assert LIGHT.ink not in dark
    assert DARK.ink in dark


@needs_dot
def test_more_inputs_than_hues_are_drawn_in_neutral_ink():
    for inputs in (6, 7):
        source = many_inputs(inputs).to_dot()
        colours = {line for line, _tint in HUES[False] if line in source}
        assert len(colours) == (6 if inputs == 6 else 0)
        assert f"reads all {inputs} inputs" in text_of(boxes(laid_out(source))["head"])


def many_inputs(number, name=str):
    inputs = [
        {"class_name": "InputLayer", "name": name(i), "config": {"batch_shape": [None, 2]}, "inbound_nodes": []}
        for i in range(number)
    ]
    reads = [[name(i), 0, 0, {}] for i in range(number)]
    head = {"class_name": "Concatenate", "name": "head", "config": {}, "inbound_nodes": [reads]}
    ends = {"input_layers": [read[:3] for read in reads], "output_layers": [["head", 0, 0]]}
    return CallGraph.from_config({"layers": [*inputs, head]} | ends)


# Names from a stranger's file

HOSTILE = [
    "<b>bold</b>", 'quote " quote', "back\\slash\\", "\\N \\G \\l", "a:b:n", "<TABLE>", "node", "a -> b; c", "&amp;", "{x|y}",
    "new\nline", "nul\0", "\u202ertl", "\ud800", "-1", "…", "漢字", "a" * 200, "-weights of a", " ", "graph [x=y]", "//", "#", "]",
]  # fmt: skip


@needs_dot
@pytest.mark.parametrize("view", ["calls", "layers"])
def test_names_are_shown_as_they_are_and_never_read_as_markup(view):
    graph = many_inputs(len(HOSTILE), HOSTILE.__getitem__)
    picture = boxes(laid_out(graph.to_dot(view)))
    assert len(picture) == len(HOSTILE) + 1
    shown = " ".join(text_of(box) for box in picture.values())
    for name in ("<b>bold</b>", 'quote " quote', "back\\slash\\", "\\N \\G \\l", "a:b:n", "{x|y}", "&amp;", "漢字"):
        assert name in shown
    assert "\u202e" not in shown


@needs_dot
@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4, unique=True))
def test_any_names_make_a_picture_with_a_box_for_each(names):
    names = [name for name in names if name != "head"]
    graph = many_inputs(len(names), names.__getitem__) if names else many_inputs(1)
    for view in ("calls", "layers"):
        assert len(boxes(laid_out(graph.to_dot(view)))) == len(graph.calls)


@needs_dot
def test_boxes_of_two_pictures_on_one_page_share_no_id():
    def ids(prefix):
        return {box["id"] for box in boxes(laid_out(graph_of().to_dot(prefix=prefix))).values()}

    assert len(ids("one")) == len(graph_of().calls)
    assert ids("one").isdisjoint(ids("two"))
    assert all(re.fullmatch("[a-z]+-[A-Za-z0-9_-]+", one) for one in ids("one"))  # fit for url(#...) and CSS


@needs_dot
@pytest.mark.parametrize("name", [r"\N", r"a\Gb", r"\L\\", "end\\", r"<b>\N</b>"])
def test_a_name_with_graphviz_s_escapes_is_drawn_as_it_is(name):
    config = {"name": name, "batch_input_shape": [None, 4]}
    layers = [{"class_name": "InputLayer", "name": name, "config": config, "inbound_nodes": []}]
    graph = CallGraph.from_config({"layers": layers, "input_layers": [[name, 0, 0]], "output_layers": [[name, 0, 0]]})
    done = subprocess.run(["dot", "-Tsvg"], input=graph.to_dot().encode(), capture_output=True, check=True)
    drawn = [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", done.stdout.decode())]
    assert name in drawn
