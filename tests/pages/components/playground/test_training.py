"""What the playground says in every state that a run can be in."""

import dataclasses

import pytest

from mtl_core.records import Run, TrainingDiverged
from tests.mtl_core.forward.made_networks import network_of
from tests.mtl_core.made_runs import run_of
from tests.pages.made_jobs import SPEC, finished
from tests.pages.reading import component, link, shown, unfolded


def epoch_slider(at):
    return at.select_slider(key="epoch")


def resting(at):
    """Whether the slider is at its right end, "newest", in the browser too: it starts there and was not moved."""
    slider = epoch_slider(at)
    options = list(slider.proto.options)
    moved = list(slider.proto.raw_value) if slider.proto.set_value else [options[-1]]
    return (
        slider.value is None
        and options[-1] == "newest"
        and list(slider.proto.default) == [len(options) - 1]
        and moved == ["newest"]
    )


def test_train_asks_for_this_run_and_then_for_the_other_case(visit, made):
    visit().button(key="train").click().run()
    assert made.asked == [("train", SPEC, False), ("background", SPEC.other_case)]


def test_what_is_trained_is_what_was_set_last_however_soon_train_is_pressed(visit, made):
    at = visit()
    at.select_slider(key="lstm_units").set_value(32)
    at.button(key="train").click().run()
    assert not at.exception
    wanted = SPEC.replace(lstm_units=32)
    assert made.asked == [("train", wanted, False), ("background", wanted.other_case)]


def test_the_other_case_is_not_asked_for_where_it_is_known(visit, made):
    made.known[SPEC.other_case] = finished(SPEC.other_case, source="recorded")
    visit().button(key="train").click().run()
    assert made.asked == [("train", SPEC, False)]


def test_a_run_behind_the_other_case_says_so_and_does_not_count_it_as_somebody_elses(visit, made):
    made.known[SPEC] = Run(spec=SPEC, state="queued", position=1, wait=12.0)
    made.known[SPEC.other_case] = Run(spec=SPEC.other_case, state="running")
    assert visit().get("progress")[0].proto.text == "Waiting for the other case; starts in about 12 s"


def test_a_queued_run_says_how_many_are_ahead_and_how_long_it_waits(visit, made):
    made.known[SPEC] = Run(spec=SPEC, state="queued", position=2, wait=31.0)
    at = visit()
    assert at.get("progress")[0].proto.text == "Waiting: 2 runs ahead; starts in about 31 s"
    at.button(key="stop").click().run()
    assert made.asked == [("stop", SPEC), ("stop", SPEC.other_case)]


def test_a_running_run_says_its_epoch_and_the_time_left(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    at = visit()
    assert at.get("progress")[0].proto.text == "Epoch 2 of 12; about 1 s left"
    assert resting(at)
    assert not [button for button in at.button if button.key == "train"]


def test_a_run_without_an_engine_says_what_it_waits_for(visit, made):
    made.known[SPEC] = Run(spec=SPEC, state="queued", position=0, message="The training engine cannot be reached.")
    at = visit()
    assert at.get("progress")[0].proto.text == "Waiting for the training engine"
    assert "The training engine cannot be reached." in shown(at)


def test_a_run_whose_worker_is_silent_promises_no_time(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running", silent=12.0)
    assert visit().get("progress")[0].proto.text == "Epoch 2 of 12; the worker has been silent for 12 s"


def test_a_stopped_run_keeps_its_curves_and_says_so(visit, made):
    made.known[SPEC] = run_of(SPEC, state="stopped", message="Stopped after epoch 3 of 12.")
    at = visit()
    assert "Stopped after epoch 3 of 12." in shown(at)
    assert at.button(key="train").label == "Train"
    assert at.get("plotly_chart")


def test_a_diverged_run_says_what_to_change(visit, made):
    message = str(TrainingDiverged(2, "sgd", 1.0))
    made.known[SPEC] = run_of(SPEC, (0.7, 9.0), state="diverged", message=message)
    assert "Lower the learning rate" in shown(visit())


def test_a_failed_run_says_why(visit, made):
    made.known[SPEC] = Run(spec=SPEC, state="failed", message="The run failed on the worker: out of memory.")
    assert "out of memory" in shown(visit())


def test_a_recorded_run_is_labelled_as_recorded_and_trains_live_on_demand(visit, made):
    made.known[SPEC] = finished(SPEC, source="recorded", versions={"keras": "3.15.1"})
    at = visit()
    assert "Recorded with Keras 3.15.1" in shown(at)
    at.button(key="train").click().run()
    assert made.asked[0] == ("train", SPEC, False)


def test_train_pressed_when_somebodys_training_of_the_same_has_just_ended_shows_that_run(visit, made):
    screen = visit()
    assert screen.button(key="train").label == "Train"
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), kept=(1,))
    screen.button(key="train").click().run()
    assert ("train", SPEC, False) in made.asked
    screen.button(key="train").click().run()
    assert ("train", SPEC, True) in made.asked


def test_a_finished_run_shows_what_shuffling_costs_and_can_be_trained_again(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(fig="disturb", nats="1")
    assert "1.00 nats (0.980 to 1.02), 20 in 100 fewer right" in shown(at)
    at.button(key="train").click().run()
    assert made.asked[0] == ("train", SPEC, True)


def test_without_a_connection_the_matrix_says_no_path_where_none_exists(visit, made):
    made.known[SPEC.other_case] = finished(SPEC.other_case)
    at = visit(m="none", fig="disturb", nats="1")
    assert shown(at).count("0: no path exists") >= 2


def test_an_epoch_of_a_link_is_pinned_until_train_or_the_right_end_of_the_slider_lets_it_go(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(at="1")
    assert epoch_slider(at).value == 1
    assert "After epoch 1" in shown(at)
    at.button(key="train").click().run()
    assert resting(at)
    assert "After epoch 3" in shown(at)
    assert "at" not in link(at)


def test_a_first_training_writes_nothing_to_the_log(visit, made, caplog):
    at = visit()
    for run in (
        Run(spec=SPEC, state="queued", position=0, wait=1.0),
        run_of(SPEC, (0.7,), state="running"),
        finished(SPEC),
    ):
        made.known[SPEC] = run
        at.run()
    assert "After epoch 3" in shown(at)
    assert not caplog.records


def test_moving_the_epoch_slider_pins_that_epoch(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    epoch_slider(at).set_value(2).run()
    assert link(at)["at"] == "2"
    assert "After epoch 2" in shown(at)


def test_a_run_never_moves_the_epoch_slider(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    at = visit()
    for losses in ((0.7, 0.5, 0.4), (0.7, 0.5, 0.4, 0.3)):
        made.known[SPEC] = run_of(SPEC, losses, state="running")
        assert resting(at.run())
        assert not epoch_slider(at).proto.set_value
    epoch_slider(at).set_value(1).run()
    made.known[SPEC] = finished(SPEC)
    at.run()
    assert not epoch_slider(at).proto.set_value
    assert epoch_slider(at).value == 1
    assert link(at)["at"] == "1"


def test_an_epoch_that_has_not_come_yet_is_waited_for_in_words(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    at = visit(at="3")
    assert "Epoch 3 has not come yet; shown is 1." in shown(at)
    made.known[SPEC] = finished(SPEC)
    assert "has not come yet" not in shown(at.run())
    assert "After epoch 3" in shown(at)


def test_an_epoch_beyond_the_planned_ones_stays_and_is_answered_in_words(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(at="40")
    assert epoch_slider(at).value == 40
    assert "This run ends at epoch 12, so epoch 40 is not there; shown is 3." in shown(at)
    epoch_slider(at).set_value(2).run()
    assert list(epoch_slider(at).proto.options) == [*map(str, range(13)), "newest"]


@pytest.mark.parametrize("epochs", [4, 40])
@pytest.mark.parametrize("epoch", [None, 3])
def test_more_or_fewer_planned_epochs_leave_the_slider_where_it_is(visit, made, epochs, epoch):
    spec = dataclasses.replace(SPEC, train=dataclasses.replace(SPEC.train, epochs=epochs))
    made.known[SPEC], made.known[spec] = finished(SPEC), finished(spec)
    at = visit()
    if epoch is not None:
        epoch_slider(at).set_value(epoch).run()
    unfolded(at).number_input(key="epochs").set_value(epochs).run()
    assert epoch_slider(at).value == epoch
    assert not epoch_slider(at).proto.set_value
    assert list(epoch_slider(at).proto.options)[-2:] == [str(epochs), "newest"]


def test_the_epoch_survives_a_visit_to_another_page(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    epoch_slider(at).set_value(2).run()
    at.switch_page("pages/glossary.py").run()
    at.switch_page("pages/playground.py").run()
    assert epoch_slider(at).value == 2


def test_an_epoch_whose_weights_are_not_kept_is_answered_with_the_nearest_that_is(visit, made):
    made.known[SPEC] = dataclasses.replace(finished(SPEC), kept=(0, 3))
    at = visit(at="2", fig="disturb")
    assert "weights of epoch 2 are not kept; what follows is of epoch 3" in shown(at)


@pytest.mark.parametrize("perturbation", ["permute", "noise", "fade"])
def test_each_way_to_disturb_a_tweet_is_drawn_and_read_out(visit, made, perturbation):
    made.known[SPEC] = finished(SPEC)
    for nats, unit in (("0", "is right on"), ("1", "nats")):
        at = visit(p=perturbation, fig="disturb", nats=nats)
        assert not at.exception
        assert at.segmented_control(key="perturbation").value == perturbation
        assert len(at.get("plotly_chart")) == 2
        assert unit in shown(at)


def test_the_what_if_follows_the_chosen_head(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(wh="predictions2", own="1.5", fig="what_if")
    assert at.slider(key="own").value == 1.5
    assert "head 2 gives yes a chance of" in shown(at)


def test_a_run_that_was_stopped_says_why_nothing_is_measured_on_it(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="stopped")
    words = shown(visit(fig="disturb"))
    assert "What a disturbed tweet does is measured on a finished model. This run did not finish" in words


def test_arrows_into_a_head_grow_with_what_it_relies_on_and_follow_the_epoch_shown(visit, made):
    made.known[SPEC] = finished(SPEC)

    def widths(**query):
        wires = component(visit(**query), "picture")["picture"]["wires"]
        return {wire["width"] for wire in wires if wire["target"] == "predictions1"}

    first, second, newest = (widths(**query) for query in ({"at": "0"}, {"at": "1"}, {}))
    assert max(first) < min(second) <= max(second) < min(newest)


def test_the_width_of_an_arrow_is_explained_in_plain_words_and_with_its_unit_to_those_who_ask_for_nats(visit, made):
    made.known[SPEC] = finished(SPEC)
    plain, expert = (component(visit(nats=nats), "picture")["labels"]["scale"] for nats in ("0", "1"))
    assert "cost of swapping that tweet" in plain
    assert "nat" not in plain.split()
    assert "widest: 1 nat" in expert


def test_only_one_chart_is_on_the_page_and_its_choice_is_in_the_link(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    assert len(at.get("plotly_chart")) == 2, "one for each head"
    at.segmented_control(key="chart").set_value("disturb").run()
    assert link(at)["fig"] == "disturb"
    assert len(at.get("plotly_chart")) == 2


def test_bars_of_an_earlier_run_say_so_while_the_same_case_is_trained_anew_or_was_stopped(visit, made):
    made.networks[SPEC] = network_of(SPEC.model)
    for run, remark in (
        (run_of(SPEC, (0.7, 0.5), state="running"), "earlier run"),
        (run_of(SPEC, (0.7, 0.5), state="stopped"), "earlier run"),
        (finished(SPEC), ""),
    ):
        made.known[SPEC] = run
        assert [column["remark"] for column in component(visit(), "answers")["columns"]] == [remark, "", ""]


def test_bars_of_another_epoch_than_the_one_shown_say_which(visit, made):
    made.networks[SPEC], made.known[SPEC] = network_of(SPEC.model), finished(SPEC)
    assert [column["remark"] for column in component(visit(at="1"), "answers")["columns"]] == ["epoch 3", "", ""]


def test_nobody_is_told_to_train_while_it_is_training(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    made.known[SPEC.other_case] = finished(SPEC.other_case)
    for chart in ("disturb", "what_if", "words"):
        words = shown(visit(fig=chart))
        assert "measured when its training ends" in words
        assert "train first" not in words


def test_losses_in_nats_are_shown_to_those_who_ask_for_them(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    assert " nats" not in shown(at)
    at.toggle(key="nats").set_value(True).run()
    assert " nats" in shown(at)
    assert link(at)["nats"] == "1"


def test_losses_are_one_chart_at_a_time_too(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(nats="1")
    assert len(at.get("plotly_chart")) == 2, "one for each head"
    before = shown(at)
    at.segmented_control(key="of_shuffles").set_value(True).run()
    assert len(at.get("plotly_chart")) == 2
    assert "comes to rely on each tweet" in shown(at)
    assert "comes to rely on each tweet" not in before
