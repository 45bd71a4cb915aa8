"""What the playground says in every state that a run can be in."""

import dataclasses

import pytest

from mtl_core.records import Run, TrainingDiverged
from tests.mtl_core.made_runs import response_of, run_of
from tests.pages.made_jobs import SPEC, finished
from tests.pages.reading import link, shown


def epoch_slider(at):
    (slider,) = [each for each in at.slider if each.key.startswith("epoch_slider")]
    return slider


def test_train_asks_for_this_run_and_then_for_the_other_case(visit, made):
    visit().button(key="train").click().run()
    assert made.asked == [("train", SPEC, False), ("background", SPEC.other_case)]


def test_the_other_case_is_not_asked_for_where_it_is_known(visit, made):
    made.known[SPEC.other_case] = finished(SPEC.other_case, source="recorded")
    visit().button(key="train").click().run()
    assert made.asked == [("train", SPEC, False)]


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
    assert epoch_slider(at).value == 2
    assert not [button for button in at.button if button.key == "train"]


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
    assert "recorded with Keras 3.15.1" in shown(at)
    at.button(key="train").click().run()
    assert made.asked[0] == ("train", SPEC, False)


def test_a_finished_run_shows_what_shuffling_costs_and_can_be_trained_again(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    assert "1 nat" in shown(at)
    assert "20 in 100 fewer right" in shown(at)
    at.button(key="train").click().run()
    assert made.asked[0] == ("train", SPEC, True)


def test_without_a_connection_the_matrix_says_no_path_where_none_exists(visit, made):
    made.known[SPEC.other_case] = finished(SPEC.other_case)
    at = visit(m="none")
    assert shown(at).count("0: no path exists") >= 2


def test_a_pinned_epoch_is_in_the_link_and_can_be_let_go(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(at="1")
    assert epoch_slider(at).value == 1
    assert "after epoch 1" in shown(at)
    at.button(key="follow").click().run()
    assert epoch_slider(at).value == 3
    assert "at" not in link(at)


def test_moving_the_epoch_slider_pins_that_epoch(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    epoch_slider(at).set_value(2).run()
    assert link(at)["at"] == "2"


def test_an_epoch_whose_weights_are_not_kept_is_answered_with_the_nearest_that_is(visit, made):
    made.known[SPEC] = dataclasses.replace(finished(SPEC), kept=(0, 3))
    at = visit(at="2")
    assert "epoch 3" in shown(at)
    assert "weights of epoch 2 are not kept; what follows is of epoch 3" in shown(at)


@pytest.mark.parametrize("perturbation", ["permute", "noise", "fade"])
def test_each_way_to_disturb_a_tweet_is_drawn_and_read_out(visit, made, perturbation):
    made.known[SPEC] = finished(SPEC)
    at = visit(p=perturbation)
    assert not at.exception
    assert at.segmented_control(key="perturbation").value == perturbation
    assert len(at.get("plotly_chart")) == 8


def test_the_what_if_follows_the_chosen_head(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit(wh="predictions2", own="1.5")
    assert at.slider(key="own").value == 1.5
    assert "head 2 gives a label of 1 a probability of" in shown(at)


def test_an_echo_of_the_sliders_own_move_pins_nothing_and_a_touch_after_the_run_does(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    at = visit()
    epoch_slider(at).set_value(2).run()
    assert "at" not in link(at)
    made.known[SPEC] = finished(SPEC)
    at.run()
    epoch_slider(at).set_value(2).run()
    assert link(at)["at"] == "2"


def test_a_touch_during_a_run_holds_against_the_move_that_was_on_its_way_to_the_browser(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    at = visit()
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    epoch_slider(at.run()).set_value(0).run()
    assert link(at)["at"] == "0"
    epoch_slider(at).set_value(2).run()  # the browser has drawn the move to 2 after the touch, and tells it
    assert link(at)["at"] == "0"
    assert epoch_slider(at).value == 0


def test_following_the_newest_again_holds_against_an_echo_of_the_touch(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    at = visit()
    epoch_slider(at).set_value(0).run()
    assert link(at)["at"] == "0"
    at.button(key="follow").click().run()
    epoch_slider(at).set_value(0).run()
    assert "at" not in link(at)


def test_the_epoch_before_can_be_pinned_during_a_run_whose_epochs_take_their_time(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    at = visit()
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    for _tick in range(6):
        at.run()
    epoch_slider(at).set_value(1).run()
    assert link(at)["at"] == "1"


def test_wherever_a_late_browser_first_draws_the_slider_it_is_no_touch(visit, made):
    # A browser that is behind draws a slider at its default, and tells that as its value.
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    at = visit()
    assert epoch_slider(at).proto.default == [1]
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5, 0.4), state="running")
    at.run()
    assert epoch_slider(at).proto.set_value
    assert epoch_slider(at).value == 2
    assert epoch_slider(at.run()).proto.default == [2]
    epoch_slider(at).set_value(1).run()
    assert "at" not in link(at)


def test_where_the_slider_must_stand_elsewhere_a_late_echo_of_its_former_place_finds_it_gone(visit, made):
    made.known[SPEC] = finished(SPEC)
    at = visit()
    sliders = [epoch_slider(at).key]
    made.known[SPEC] = run_of(SPEC, (0.7,), state="running")
    sliders.append(epoch_slider(at.run()).key)
    made.known[SPEC] = finished(SPEC)
    sliders.append(epoch_slider(at.run()).key)
    epoch_slider(at).set_value(1).run()
    assert epoch_slider(at).key == sliders[-1], "a slider that is touched stays"
    sliders.append(epoch_slider(at.button(key="follow").click().run()).key)
    assert epoch_slider(at).value == 3
    assert len(set(sliders)) == 4


@pytest.mark.parametrize(("rise", "said"), [(1.0, True), (0.1, False)])
def test_shuffling_is_said_to_cost_more_than_the_tweet_is_worth_only_where_it_does(visit, made, rise, said):
    response = response_of(SPEC)
    for loss in (response.loss, response.low, response.high):
        loss[:] = loss[:, :, :1] + rise * (loss - loss[:, :, :1])
    made.known[SPEC] = dataclasses.replace(finished(SPEC), response=response)
    assert ("Shuffling costs more than the tweet is worth" in shown(visit())) == said


def test_a_run_that_was_stopped_says_why_nothing_is_measured_on_it(visit, made):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="stopped")
    words = shown(visit())
    assert "this run did not finish" in words
    assert "What a disturbed tweet does is measured on a finished model" in words
    assert "train to see what shuffling" not in words
