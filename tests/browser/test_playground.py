"""The journey that the playground is for, in a real browser: what does `concatenate` do here? Toggle, train, look, share."""

import re

import pytest
from playwright.sync_api import expect

from mtl_core.graph import CallGraph
from mtl_core.spec import DataSpec, ModelSpec
from tests.browser.visit import Visit, Visitor

pytestmark = pytest.mark.browser

SMALL = "/?v=1&u=4&t=8&d=4&s=0.8&n=1024&nt=512&ep=4&lr=0.01&fig=disturb&nats=1"
"""Both tweets matter, and a model this small learns it within a second."""

OTHER = "tweet_b"
HEAD = "predictions1"
RESPONSE = f"response_chart_{HEAD}"


def test_a_student_sees_what_concatenate_does_by_toggling_training_and_looking(visit: Visit) -> None:
    me = visit(SMALL)
    assert me.leads(OTHER, HEAD)

    # Case 2: the graph loses the path, and no disturbance of the other tweet moves head 1 by one bit.
    me.toggle("Concatenate", False)
    assert not me.leads(OTHER, HEAD)
    assert me.query["m"] == "none"
    me.train()
    flat = me.curves(RESPONSE)[OTHER]
    assert len(flat) > 2
    assert set(flat) == {flat[0]}
    expect(me.block("dependence")).to_contain_text("0: no path exists")

    # Case 1: the path is back, and the same disturbance costs head 1 dearly.
    me.toggle("Concatenate", True)
    assert me.leads(OTHER, HEAD)
    me.train()
    trained = me.curves(RESPONSE)[OTHER]
    assert trained[-1] > trained[0] + 0.1
    assert trained == sorted(trained)
    expect(me.block("disturb")).not_to_contain_text("no path exists")
    expect(me.block("training")).to_contain_text("Confirmed by Keras")

    # Before any update, head 1 has learned nothing from either tweet.
    me.move("Epoch shown", "Home")
    me.rest()
    untrained = me.curves(RESPONSE)[OTHER]
    assert me.query["at"] == "0"
    assert untrained[-1] < untrained[0] + 0.1

    # The link alone brings back the same screen and the same stored run.
    before = _screen(me)
    me.reload()
    me.rest()
    assert _screen(me) == before


def _screen(me: Visitor) -> dict[str, object]:
    shown = {head: me.curves(f"response_chart_{head}") for head in ("predictions1", "predictions2")}
    return {**shown, "link": me.query, "graph": me.edges(), "answer": me.block("dependence").inner_text()}


def test_a_bad_link_says_what_it_used_instead(visit: Visit) -> None:
    me = visit("/?v=1&u=9999&m=concat&zzz=1")
    notes = me.page.get_by_test_id("stAlert")
    expect(notes.filter(has_text="LSTM units")).to_contain_text("256 is used instead")
    expect(notes.filter(has_text="Merge")).to_contain_text("concatenate is used instead")
    expect(notes.filter(has_text="zzz")).to_contain_text("left out")
    assert me.query["u"] == "256"


def test_what_a_bad_link_says_is_text_and_leads_nowhere(visit: Visit) -> None:
    me = visit(
        "/?u=https://evil.example/u&v=www.evil.example&lr=me@evil.example&ep=:streamlit:&http://evil.example/x=1"
    )
    notes = me.block("link_notes")
    for said in (
        "https://evil.example/u",
        "www.evil.example",
        "me@evil.example",
        ":streamlit:",
        "http://evil.example/x",
    ):
        expect(notes).to_contain_text(said)
    expect(notes.get_by_role("link")).to_have_count(0)
    expect(notes.get_by_role("img")).to_have_count(0)


def test_choosing_a_head_lights_up_what_reaches_it_and_dashes_the_rest(visit: Visit) -> None:
    me = visit("/?m=none")
    graph = CallGraph.from_spec(ModelSpec(merge="none"), DataSpec())
    everything = {call.id for call in graph.calls}
    assert me.lit() == everything
    with me.answered():
        me.page.get_by_role("button", name="Light up only what reaches head 1").press("Enter")
    assert me.query["head"] == HEAD
    assert me.lit() == graph.upstream(HEAD) < everything
    assert OTHER not in me.lit()


def test_stop_ends_a_run_and_says_so(visit: Visit) -> None:
    me = visit("/?v=1&n=16384&nt=64&ep=200&b=512&seed=7")
    me.begin()
    expect(me.block("training")).to_contain_text(re.compile(r"Epoch \d+ of 200"))
    me.press("Stop")
    expect(me.block("training")).to_contain_text("Stopped after epoch")
    me.rest()
    expect(me.slider("Epoch shown")).to_have_attribute("aria-valuetext", "newest")
    assert "at" not in me.query


def test_the_epoch_slider_rests_at_newest_and_during_a_run_only_its_visitor_moves_it(visit: Visit) -> None:
    me = visit("/?v=1&n=4096&nt=64&ep=120&seed=8&m=none")
    # A browser half as fast, beside a run that takes what the machine has.
    me.page.context.new_cdp_session(me.page).send("Emulation.setCPUThrottlingRate", {"rate": 2})
    me.begin()
    slider, chart = me.slider("Epoch shown"), me.block("learning")
    expect(slider).to_have_attribute("aria-valuetext", "newest")
    _wait_for_epochs(me, 3)
    expect(slider).to_have_attribute("aria-valuetext", "newest")
    assert "at" not in me.query

    for key, epoch in (("Home", "0"), ("ArrowRight", "1")):
        me.move("Epoch shown", key)
        me.until_linked(at=epoch)
        _wait_for_epochs(me, 2)
        expect(slider).to_have_attribute("aria-valuetext", epoch)
        expect(chart).to_contain_text(f"epoch {epoch}")
        assert me.query["at"] == epoch

    me.drag_to_end("Epoch shown")
    me.until_linked(at=None)
    _wait_for_epochs(me, 2)
    expect(slider).to_have_attribute("aria-valuetext", "newest")
    me.press("Stop")
    me.rest()
    expect(slider).to_have_attribute("aria-valuetext", "newest")
    assert "at" not in me.query


def _wait_for_epochs(me: Visitor, more: int) -> None:
    """Wait until the run on screen is that much further."""
    done = me.epochs_done()
    me.page.wait_for_function(
        "least => [...document.querySelectorAll('[data-testid=\"stProgress\"]')].some("
        "bar => Number(/Epoch (\\d+) of/.exec(bar.innerText)?.[1]) >= least)",
        arg=done + more,
    )


def test_a_diverging_run_names_the_epoch_and_what_to_change(visit: Visit) -> None:
    me = visit("/?v=1&o=sgd&lr=1&w=10,10&h=128&b=1&n=1024&nt=64&ep=1")
    me.begin()
    expect(me.block("training")).to_contain_text("Lower the learning rate")


def test_what_training_changes_is_drawn_with_arrows_back_from_each_loss(visit: Visit) -> None:
    me = visit("/?m=none")
    me.choose("Training")
    me.until_linked(draw="training")
    expect(me.page.get_by_role("heading", name="The two losses meet only in shared_lstm")).to_be_visible()
    expect(me.block("graph_training")).to_contain_text("changed by loss 1 and loss 2")
    me.open("/?m=none&draw=training&det=predictions1")
    expect(me.block("graph_training")).to_contain_text("way back cut")
    expect(me.page.get_by_role("heading", name="No layer is changed by more than one loss")).to_be_visible()
