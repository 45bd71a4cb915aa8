"""What the figures on sharing say follows from the intervals, and nothing is said of what is missing."""

import pytest

from mtl_core.figures import sharing
from mtl_core.figures.grid import Place
from mtl_core.records import Estimate

SAME = Estimate.of([0.0] * 5)
COSTS = Estimate.of([0.05, 0.06, 0.055, 0.05, 0.06])
HELPS = Estimate.of([-0.02, -0.021, -0.019, -0.02, -0.022])
MUCH = Estimate.of([-0.3, -0.31, -0.29, -0.3, -0.31])
UNSEEN = Estimate.of([0.01, -0.01, 0.002, -0.003, 0.0])
EARLY = Estimate.of([0.05])
LABELS = {"noise": ("noise", "shuffling the labels"), "off": ("weight 0", "switching it off")}


def ties(shared, merged, alone=SAME):
    level = Place(Estimate.of([0.5, 0.51, 0.49]), 3)
    return sharing.ties(
        {"separate": [level] * 3, "shared": [level] * 3},
        {"none": shared, "concatenate": shared},
        {"separate": merged, "shared": merged},
        alone,
    )


def interventions(encoder, unmerged, merged=COSTS):
    effects = {"none": unmerged, "concatenate": merged}
    return sharing.interventions(
        encoder, LABELS, {merge: {name: Place(effect, 5) for name in LABELS} for merge, effect in effects.items()}
    )


def capacity(first, second):
    gaps = {
        f"{output} {units}": gap
        for output, gap in (("predictions1", first), ("predictions2", second))
        for units in (1, 2)
    }
    level = [Place(Estimate.of([0.5, 0.51, 0.49]), 3)] * 2
    levels = {output: {1: level, 2: level} for output in ("predictions1", "predictions2")}
    return sharing.capacity(levels, (0.0, 10.0), gaps)


@pytest.mark.parametrize(
    ("shared", "merged", "heading"),
    [
        (HELPS, MUCH, "Here concatenation helps head 1 much, sharing the LSTM a little"),
        (UNSEEN, MUCH, "Here concatenation helps head 1 far more than sharing the LSTM can"),
        (MUCH, MUCH, "What a merge and a shared LSTM do to head 1 depends on each other"),
        (HELPS, UNSEEN, "What a merge and a shared LSTM do to head 1 depends on each other"),
        (None, MUCH, "Four ways to tie two tasks"),
    ],
)
def test_the_heading_of_the_two_by_two_is_what_the_intervals_say(shared, merged, heading):
    assert ties(shared, merged).heading == heading


def test_two_single_tasks_are_said_to_be_that_only_where_no_digit_differs():
    assert "is two single tasks" in ties(HELPS, MUCH).reading
    assert "is two single tasks" not in ties(HELPS, MUCH, alone=UNSEEN).reading
    assert "is two single tasks" not in ties(HELPS, MUCH, alone=None).reading


@pytest.mark.parametrize(
    ("encoder", "effect", "heading"),
    [
        ("separate", SAME, "An LSTM each, no merge: nothing done to task 2 changes a digit of head 1’s loss"),
        ("shared", COSTS, "One shared LSTM, no merge: whatever is done to task 2, head 1 pays"),
        (
            "shared",
            UNSEEN,
            "One shared LSTM, no merge: head 1 notices what is done to task 2, and pays in 0 of 2 cases",
        ),
        ("shared", EARLY, "What is done to task 2, and what head 1 notices: one shared LSTM"),
    ],
)
def test_the_heading_of_the_interventions_is_what_the_intervals_say(encoder, effect, heading):
    # It is about the model without a merge, and says so: with one, nothing need be as it says.
    assert interventions(encoder, effect, merged=UNSEEN).heading == heading


def test_exactly_nothing_and_nothing_to_be_seen_are_told_apart():
    exact, hidden = interventions("separate", SAME).reading, interventions("separate", UNSEEN).reading
    assert "exactly 0 for each of 2 interventions, with each of 5 seeds" in exact
    assert "exactly" not in hidden
    assert "make no difference that we can see with 5 seeds" in hidden


def test_the_task_that_weighs_more_is_said_to_win_only_where_it_does():
    won = "The fewer the units, the more the task that weighs more takes them"
    assert capacity(COSTS, MUCH).heading == won
    assert capacity(COSTS, COSTS).heading != won
    assert capacity(UNSEEN, MUCH).heading != won
    assert capacity(None, MUCH).heading == "Where the units go"
    assert "raises head 1’s loss by 0.0550" in capacity(COSTS, MUCH).reading
