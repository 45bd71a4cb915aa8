"""Somebody's own model in a real browser: give it, look around in its graph, take it home; also a model of a thousand calls."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from mtl_core.inspect.examples import load_example
from tests.browser.test_accessibility import assert_accessible
from tests.browser.visit import Visit, Visitor
from tests.mtl_core.graph.dense_graphs import config

pytestmark = pytest.mark.browser

PROGRAM = """
a = Input((4,)); b = Input((4,))
model = Model([a, b], [Dense(1, name="one")(a), Dense(1, name="two")(mystery(b))])
"""

BLOCKS = 170
"""Of six calls each: five in a row, and one that adds what came before them."""


def give(me: Visitor, content: str, name: str = "model.json") -> None:
    """Upload a file."""
    file = FilePayload(name=name, mimeType="application/json", buffer=content.encode())
    with me.answered():
        me.block("source").locator('input[type="file"]').set_input_files(file)


def choose(me: Visitor, label: str, name: str) -> None:
    """Choose from a box by typing, without a mouse."""
    box = me.page.get_by_role("combobox", name=label)
    # A list of options closes when the page scrolls, so the box comes into view first.
    box.evaluate(
        """box => new Promise(done => {
            box.scrollIntoView({block: "center"})
            requestAnimationFrame(() => requestAnimationFrame(done))
        })"""
    )
    box.fill(name)
    with me.answered():
        me.page.keyboard.press("Enter")


def picture(me: Visitor) -> Locator:
    """The drawing that can be zoomed."""
    return me.block("calls").get_by_test_id("stGraphVizChart")


def box(me: Visitor, name: str) -> Locator:
    """A box of that drawing, by the first line in it."""
    return picture(me).locator(f'g.node:has(text:text-is("{name}"))').first


def is_in_view(inner: Locator, outer: Locator) -> bool:
    """Whether the middle of one is inside the other."""
    a, b = inner.bounding_box(), outer.bounding_box()
    assert a
    assert b
    x, y = a["x"] + a["width"] / 2, a["y"] + a["height"] / 2
    return b["x"] < x < b["x"] + b["width"] and b["y"] < y < b["y"] + b["height"]


def residual_network() -> str:
    """A thousand calls and an addition every six."""
    layers, last = {}, "image"
    for n in range(BLOCKS):
        inside = [f"block{n}_{step}" for step in "abcde"]
        layers |= dict(zip(inside, ([before] for before in [last, *inside]), strict=False))
        layers[f"block{n}_add"] = [last, inside[-1]]
        last = f"block{n}_add"
    return json.dumps(config(["image"], layers, [last]))


def test_a_practitioner_gives_a_model_looks_around_in_its_graph_and_takes_it_home(visit: Visit, tmp_path: Path) -> None:
    me = visit("/inspect_model")
    expect(me.block("plot_model")).to_contain_text("plot_model draws 2 paths that do not exist")
    give(me, load_example("siamese"), "faces.json")
    expect(me.block("source")).to_contain_text("Your own: faces.json")
    expect(me.page.get_by_role("heading", level=2)).to_contain_text("The head may depend on every input")
    assert "faces" not in me.address

    # Without a mouse: choose both ends, and the words name what lies between.
    choose(me, "From input", "left")
    choose(me, "to head", "same")
    expect(me.block("who_sees_what")).to_contain_text("first meets another input in subtract")

    # Fold the nested model up, and open it again by a click.
    inside = picture(me).locator("text").get_by_text("conv1", exact=True)
    assert inside.count() == 2
    with me.answered():
        me.page.get_by_role("button", name="Clear all").click()
    assert inside.count() == 0
    with me.answered():
        picture(me).locator("g.node.nested").first.click()
    assert inside.count() == 2

    # A click on a box tells what is known of it.
    with me.answered():
        box(me, "subtract").click()
    expect(me.block("calls")).to_contain_text("subtract is call 1 of subtract")
    assert box(me, "subtract").evaluate("node => node.classList.contains('graph-found')")

    with me.page.expect_download() as saved:
        me.page.get_by_role("button", name="Save SVG").click()
    svg = saved.value.path().read_text()
    assert saved.value.suggested_filename == "faces.svg"
    assert all(f">{name}</text>" in svg for name in ("left", "right", "subtract", "same"))
    assert "graph-found" not in svg

    with me.page.expect_download() as saved:
        me.page.get_by_role("button", name="Everything (JSON)").click()
    answer = json.loads(saved.value.path().read_text())
    assert (answer["inputs"], answer["outputs"], answer["may_depend"]) == (["left", "right"], ["same"], [[0, 1]])

    # It is still there after a visit to another page.
    me.go("Words")
    me.go("Inspect your model")
    expect(me.block("source")).to_contain_text("Your own: faces.json")


def test_a_pasted_program_is_read_beside_its_lines_and_compared_with_an_edit_of_it(visit: Visit) -> None:
    me = visit("/inspect_model?insp=program_edit")
    expect(me.page.get_by_role("heading", level=2)).to_contain_text("length cannot depend on title")
    expect(me.block("program")).to_contain_text("Nothing of it was executed")
    expect(me.block("program")).to_contain_text("Along axis 1 they would fit.")

    choose(me, "Compare with", "before")
    expect(me.block("compare")).to_contain_text("4 of 6 pairs changed")
    assert me.block("compare").get_by_test_id("stGraphVizChart").count() == 2

    # A paste of one's own, by keyboard and mouse.
    with me.answered():
        me.page.get_by_role("button", name="Paste a program or JSON").click()
    me.page.get_by_role("textbox", name="A Keras program").fill(PROGRAM)
    with me.answered():
        me.page.get_by_role("button", name="Inspect", exact=True).click()
    # The box closes: the answer is under it.
    expect(me.page.get_by_role("textbox", name="A Keras program")).to_be_hidden()
    expect(me.block("source")).to_contain_text("Your own: the pasted text")
    expect(me.block("who_sees_what")).to_contain_text("not known")
    expect(me.block("program")).to_contain_text("“mystery” isn't defined in this text.")
    assert "mystery" not in me.address

    # The same text after an edit, as the second model.
    with me.answered():
        me.page.get_by_role("button", name="A second model of your own").click()
    me.page.get_by_role("textbox", name="A Keras program").fill(PROGRAM.replace("mystery(b)", "b"))
    with me.answered():
        me.page.get_by_role("button", name="Inspect", exact=True).click()
    expect(me.block("compare")).to_contain_text("It was not known whether two depends on b; now it may.")
    assert_accessible(me)


def test_the_graph_zooms_and_pans_by_buttons_keys_and_dragging(visit: Visit) -> None:
    me = visit("/inspect_model?insp=siamese")
    window, zoom = picture(me), me.page.locator(".graph-tools output")

    def scrolled() -> list[int]:
        return list(window.evaluate("box => [box.scrollLeft, box.scrollTop]"))

    def wide() -> int:
        return int(window.evaluate("box => box.scrollWidth - box.clientWidth"))

    assert wide() == 0
    before = zoom.inner_text()
    for _ in range(3):
        me.page.get_by_role("button", name="Zoom in").click()
    assert zoom.inner_text() != before
    assert wide() > 100

    window.evaluate("box => box.scrollIntoView({block: 'center'})")
    at, start = window.bounding_box(), scrolled()
    assert at
    me.page.mouse.move(at["x"] + 200, at["y"] + 200)
    me.page.mouse.down()
    me.page.mouse.move(at["x"] + 240, at["y"] + 260, steps=4)
    me.page.mouse.up()
    assert scrolled() == [start[0] - 40, start[1] - 60]

    window.focus()
    me.page.keyboard.press("0")
    assert zoom.inner_text() == before
    assert wide() == 0
    me.page.keyboard.press("+")
    assert zoom.inner_text() != before


def test_a_drawing_keeps_its_size_when_a_way_is_lit_up(visit: Visit) -> None:
    me = visit("/inspect_model?insp=tickets")
    drawn = picture(me).locator("svg")
    width = drawn.evaluate("svg => getComputedStyle(svg).width")
    choose(me, "From input", "title")
    expect(picture(me).locator("g.node [stroke-dasharray]").first).to_be_attached()
    expect(drawn).to_have_css("width", width)


def test_a_model_of_a_thousand_calls_stays_usable(visit: Visit) -> None:
    me = visit("/inspect_model")
    give(me, residual_network())
    expect(me.page.get_by_test_id("stMain")).to_contain_text(f"{6 * BLOCKS + 1:,} calls")
    assert picture(me).locator("g.node").count() == 2 * BLOCKS + 1
    assert picture(me).locator("g.node.run").count() == BLOCKS

    choose(me, "Find a layer", "block150_c")
    sought = picture(me).locator("g.node.graph-found")
    expect(sought).to_contain_text("block150_c")
    assert is_in_view(sought, picture(me))
    expect(me.block("calls")).to_contain_text("It reads block150_b.")

    with me.answered():
        picture(me).locator('g.node.run:has(text:text-is("block151_a … block151_e"))').click()
    expect(picture(me).locator("g.node.graph-found")).to_contain_text("block151_a")
    assert is_in_view(picture(me).locator("g.node.graph-found"), picture(me))


@pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_axe_finds_nothing_wrong_with_an_own_model_and_nothing_scrolls_sideways(size: str, visit: Visit) -> None:
    me = visit("/inspect_model", size=size)
    give(me, load_example("siamese"))
    choose(me, "From input", "left")
    choose(me, "to head", "same")
    me.unfold("These calls as a table")
    me.unfold("Both drawings")
    assert me.too_wide() == []
    assert_accessible(me)


def test_axe_finds_nothing_wrong_with_an_error_and_a_matrix_that_scrolls(visit: Visit) -> None:
    me = visit("/inspect_model", theme="dark")
    names = [f"i{i}" for i in range(20)]
    give(me, json.dumps(config(names, {f"h{i}": [name] for i, name in enumerate(names)}, [f"h{i}" for i in range(20)])))
    give(me, "{", "<b>broken</b>.json")
    expect(me.page.get_by_test_id("stAlert")).to_contain_text("<b>broken</b>.json could not be read.")
    assert_accessible(me)
