"""The first screen in a real browser: the question, the two tweets, four answers, the knob in the picture; nothing blinks or jumps."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, expect

from mtl_core.palette import DARK, LIGHT
from tests.browser.visit import PATIENCE, Visit, Visitor

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"

WORDS = """inside => {
    const texts = [], seen = node => {
        if (node.nodeType === Node.TEXT_NODE) {
            const range = document.createRange()
            range.selectNodeContents(node)
            const box = range.getBoundingClientRect()
            const shown = box.width > 1 && box.height > 1 && node.parentElement.checkVisibility({visibilityProperty: true, opacityProperty: true})
            if (shown && (!inside || (box.top < innerHeight && box.bottom > 0))) texts.push(node.textContent)
            return
        }
        if (node.nodeType !== Node.ELEMENT_NODE && !(node instanceof ShadowRoot)) return
        if (["STYLE", "SCRIPT", "OPTION", "TITLE"].includes(node.nodeName.toUpperCase())) return
        if (node.dataset?.testid === "stIconMaterial") return
        // Of what can be chosen, the chosen word is on screen.
        if (node.nodeName === "SELECT") texts.push(node.selectedOptions[0].textContent)
        for (const child of node.childNodes) seen(child)
        if (node.shadowRoot) seen(node.shadowRoot)
    }
    seen(document.querySelector('[data-testid="stMain"]'))
    return texts.join(" ")
}"""
"""All words of the page beside the sidebar that can be seen: in the window as it is, or on the whole page before anything is opened."""

FRAMES = """() => new Promise(done => {
    const frames = []
    let empty = 0
    const watch = () => {
        const places = [...document.querySelectorAll('[class*="st-key-learning_chart_predictions"]:not([data-retained])')]
        empty += places.filter(place => !place.querySelector(".main-svg")).length
        requestAnimationFrame(watch)
    }
    const look = () => {
        const top = name => Math.round(document.querySelector(name)?.getBoundingClientRect().top ?? -1)
        const charts = [...document.querySelectorAll(".js-plotly-plot")]
        const picture = [...document.querySelectorAll(".st-key-picture *")].find(node => node.shadowRoot)?.shadowRoot
        const arrows = [...picture?.querySelectorAll("g.edge") ?? []].filter(
            edge => edge.querySelector("title").textContent === "merged_vector->predictions1")
        frames.push({
            width: Math.max(0, ...arrows.map(edge => parseFloat(edge.querySelector(".strand").style.strokeWidth))),
            blank: charts.filter(chart => getComputedStyle(chart).visibility !== "visible").length,
            charts: charts.length,
            empty,
            places: [".st-key-training", ".st-key-choose_chart", ".st-key-pair", ".st-key-answer_bars"].map(top).join(),
        })
        // In a training's place there is a button to stop it.
        if (document.querySelector(".st-key-stop:not([data-retained], [data-retained] *)")) setTimeout(look, 100)
        else done(frames)
    }
    watch()
    look()
})"""


def answer_of(me: Visitor, head: int, case: int) -> Locator:
    """The place of a head's answer in a case; its title has all digits."""
    return me.block("answer_bars").locator("tbody tr").nth(head - 1).locator("td").nth(case - 1)


def digits(place: Locator) -> float:
    return float(place.get_attribute("title") or "nan")


def words_of(me: Visitor, *, inside: bool) -> list[str]:
    text = str(me.page.evaluate(WORDS, inside))
    return [word for word in text.split() if re.search(r"\w", word)]


def places(me: Visitor) -> list[float]:
    """Where the blocks of the first screen begin."""
    boxes = [me.block(key).bounding_box() for key in ("picture", "training", "choose_chart", "pair", "answer_bars")]
    return [box["y"] for box in boxes if box]


def stays(me: Visitor, before: list[float]) -> bool:
    """Whether each block begins where it did, to less than a pixel."""
    return places(me) == pytest.approx(before, abs=0.9)


def connected(me: Visitor) -> bool:
    return me.page.get_by_role("switch", name="Concatenate", exact=True).is_checked()


def test_the_question_is_on_screen_with_few_words_and_fewer_decimals(visit: Visit) -> None:
    me = visit("/")
    expect(me.page.get_by_role("heading", level=1)).to_contain_text("Which one is multi-task")
    expect(me.page.get_by_role("link", name="asked here")).to_have_attribute(
        "href", "https://stackoverflow.com/questions/57197895"
    )
    in_view = words_of(me, inside=True)
    assert len(in_view) <= 150, " ".join(in_view)
    assert len([word for word in in_view if re.search(r"\d\.\d", word)]) <= 10
    assert len(words_of(me, inside=False)) <= 400
    for width, height in ((1440, 900), (1280, 720)):
        me.page.set_viewport_size({"width": width, "height": height})
        me.settle()
        for key in ("picture", "pair", "answer_bars", "training"):
            box = me.block(key).bounding_box()
            assert box
            assert box["y"] + box["height"] <= height, f"{key} needs scrolling at {width} x {height}"
    assert me.complaints == []


def test_sliding_tweet_b_moves_head_1_in_case_1_and_not_one_digit_of_it_in_case_2(visit: Visit) -> None:
    me = visit("/")
    before = digits(answer_of(me, 1, 1))
    me.press("Flip head 1")
    assert (digits(answer_of(me, 1, 1)) > 0.5) != (before > 0.5)
    slider = me.page.get_by_role("slider", name="tweet_b says")
    answers: dict[str, tuple[float, float]] = {}
    for key in ("Home", "End"):
        with me.answered():
            slider.press(key)
        answers[key] = digits(answer_of(me, 1, 1)), digits(answer_of(me, 1, 2))
    assert answers["End"][0] > answers["Home"][0] + 0.5
    assert answers["End"][1] == answers["Home"][1]

    # A word is chosen where it stands, typed words are read, and what is not known is named.
    before = digits(answer_of(me, 2, 2))
    with me.answered():
        me.page.get_by_label(re.compile("tweet_b, word")).first.select_option(index=0)
    assert digits(answer_of(me, 2, 2)) != before
    me.page.get_by_role("button", name="Type tweet_a freely").click()
    field = me.page.get_by_role("textbox", name="Type tweet_a freely")
    field.fill("i love this flim")
    with me.answered():
        field.press("Enter")
    expect(me.block("pair").get_by_role("status")).to_contain_text("“flim”")
    assert me.query["ta"] == "rOx"

    me.press("Surprise me")
    pair = me.query["ta"], me.query["tb"]
    me.reload()
    assert (me.query["ta"], me.query["tb"]) == pair


def test_the_wire_is_cut_and_connected_in_the_picture_by_mouse_and_by_keyboard(visit: Visit) -> None:
    me = visit("/")
    assert connected(me)
    before = places(me)
    with me.answered():
        me.block("picture").locator(
            "g.edge:has(> title:text-is('merged_vector->predictions1')) .hit"
        ).first.dispatch_event("click")
    assert not connected(me)
    assert not me.leads("tweet_b", "predictions1")
    assert me.query["m"] == "none"
    assert stays(me, before)
    with me.answered():
        me.page.get_by_role("button", name="Connect both encodings to both heads").press("Enter")
    assert connected(me)
    assert me.leads("tweet_b", "predictions1")
    with me.answered():
        me.page.get_by_role("button", name="More LSTM units").press("Enter")
    me.until_linked(u="32")
    with me.page.expect_download() as saved:
        me.page.get_by_role("button", name="Save SVG").click()
    picture = ElementTree.parse(saved.value.path())
    assert {"tweet_b", "merged_vector", "reads both tweets"} <= {text.text for text in picture.iter(f"{SVG}text")}
    assert not [node for node in picture.iter() if "class" in node.attrib], "it would need a style sheet"


def test_a_theme_that_changes_under_an_open_page_takes_picture_and_charts_along(visit: Visit) -> None:
    me = visit("/")
    for name, colours in (("dark", DARK), ("light", LIGHT)):
        me.wear(name)
        strand = me.block("picture").locator("g.edge:has(> title:text-is('tweet_a->shared_lstm#1')) .strand")
        expect(strand).to_have_attribute("stroke", colours.line["tweet_a"])
        curve = me.block("learning_chart_predictions1").locator(".js-line").last
        expect(curve).to_have_css(
            "stroke", f"rgb({', '.join(str(int(colours.ink[i : i + 2], 16)) for i in (1, 3, 5))})"
        )


def test_on_a_phone_the_picture_comes_first_with_the_knob_in_it(visit: Visit) -> None:
    me = visit("/", size="phone")
    picture, pair = me.block("picture").bounding_box(), me.block("pair").bounding_box()
    assert picture
    assert pair
    assert picture["y"] < 844 - 300
    assert picture["y"] < pair["y"]
    before = digits(answer_of(me, 1, 1)), digits(answer_of(me, 1, 2))
    with me.answered():
        me.page.get_by_label(re.compile("tweet_b, word")).last.select_option(index=0)
    assert digits(answer_of(me, 1, 1)) != before[0]
    assert digits(answer_of(me, 1, 2)) == before[1]
    before = places(me)
    with me.answered():
        me.block("picture").locator("button.small").tap()
    me.until_linked(m="none")
    assert stays(me, before)
    assert not me.leads("tweet_b", "predictions1")
    assert me.too_wide() == []


def test_arrows_follow_the_epoch_and_whoever_wants_no_motion_sees_none(visit: Visit) -> None:
    me = visit("/")
    arrow = me.block("picture").locator("g.edge:has(> title:text-is('merged_vector->predictions1')) .strand").last
    widths = []
    for key in ("Home", "ArrowRight", "End"):
        me.move("Epoch shown", key)
        widths.append(float(arrow.evaluate("strand => parseFloat(strand.style.strokeWidth)")))
    assert widths[0] < widths[1] < widths[2]
    expect(me.block("picture")).to_contain_text("Arrow width: cost of swapping")
    for motion, seconds in (("reduce", "0s"), ("no-preference", "0.4s")):
        me.page.emulate_media(reduced_motion=motion)
        expect(arrow).to_have_css("transition-duration", seconds)


def test_nothing_blinks_or_jumps_while_a_model_is_trained_and_its_arrows_grow(visit: Visit) -> None:
    me = visit("/?v=2&n=4096&ep=24&seed=5")
    me.begin()
    frames: list[dict[str, Any]] = me.page.evaluate(FRAMES)
    assert len(frames) > 10
    assert [frame["blank"] for frame in frames] == [0] * len(frames)
    assert min(frame["charts"] for frame in frames) == 2
    assert frames[-1]["empty"] == 0
    assert len({frame["places"] for frame in frames}) == 1, {frame["places"] for frame in frames}
    widths = [frame["width"] for frame in frames]
    assert max(widths) > 2 * min(widths) > 0
    expect(me.block("train")).to_be_visible(timeout=PATIENCE)
    # What needs a trained model is there now, too.
    me.press("Flip head 1")


def test_on_a_small_screen_the_menu_leaves_three_quarters_to_the_page_and_all_of_it_when_closed(visit: Visit) -> None:
    page = visit("/", own_window=True).page
    page.set_viewport_size({"width": 900, "height": 700})
    wide = "share => document.querySelector('[data-testid=\"stMain\"]').getBoundingClientRect().width >= share * innerWidth"
    page.wait_for_function(wide, arg=0.75)
    page.get_by_test_id("stSidebar").hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    page.wait_for_function(wide, arg=1)
