"""Step 6: when concatenating pays; what the other tweet is worth, in nats."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2, OTHER, OWN

__all__ = ["STEP"]


def _gaps(seen: Results, world: str) -> list[float]:
    """How far case 2 ends above case 1 in a world, head by head."""
    joined, apart = seen[f"{world}1"], seen[f"{world}2"]
    return [two.loss - one.loss for one, two in zip(joined.heads, apart.heads, strict=True)]


def _nothing_to_gain(seen: Results) -> bool:
    return seen["own1"].worth == 0.0 and all(abs(gap) < 0.04 for gap in _gaps(seen, "own"))


def _the_more_it_knows_the_more_it_pays(seen: Results) -> bool:
    pairs = zip(_gaps(seen, "mixed"), _gaps(seen, "other"), strict=True)
    return all(0.15 < mixed < other - 0.05 for mixed, other in pairs)


def _the_gap_is_the_worth(seen: Results) -> bool:
    worlds = ("own", "mixed", "other")
    return all(abs(gap - seen[f"{world}1"].worth) < 0.08 for world in worlds for gap in _gaps(seen, world))


STEP = Step(
    id="worth",
    title=N_("When does it pay?"),
    minutes=3,
    setup=N_(
        "Three worlds. In the first, each head’s label follows its own tweet only. In the second, which you have seen so far, it "
        "follows both tweets alike. In the third it follows the other tweet only. In each world case 1 and case 2 learn from "
        "the same pairs."
    ),
    pictures=(Picture(CASE1.model, "calls", "predictions1"), Picture(CASE2.model, "calls", "predictions1")),
    questions=(
        Question(
            N_("In which world does concatenating lower the losses most?"),
            (
                Choice(
                    N_("About the same in all three: more input is more information"),
                    N_(
                        "In the first world the other tweet says nothing about the label. An input that says nothing cannot help, "
                        "however much of it there is."
                    ),
                ),
                Choice(
                    N_("In the second, where both tweets count"),
                    N_(
                        "There it pays well. But head 1’s own tweet already tells part of the answer, and what it tells need not be "
                        "fetched from elsewhere."
                    ),
                ),
                Choice(
                    N_("In the third, where only the other tweet counts"),
                    N_(
                        "What counts is what the other tweet tells and head 1’s own tweet does not. Here its own tweet tells nothing, so "
                        "without the merge all is lost."
                    ),
                    right=True,
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("own1", N_("case 1"), OWN, N_("Own tweet only")),
        Experiment("own2", N_("case 2"), OWN.other_case, N_("Own tweet only")),
        Experiment("mixed1", N_("case 1"), CASE1, N_("Both tweets")),
        Experiment("mixed2", N_("case 2"), CASE2, N_("Both tweets")),
        Experiment("other1", N_("case 1"), OTHER, N_("Other tweet only")),
        Experiment("other2", N_("case 2"), OTHER.other_case, N_("Other tweet only")),
    ),
    show="value",
    notice=(
        Notice(
            N_(
                "Where only its own tweet counts, head 1 ends at {own1.head1.loss} concatenated and at {own2.head1.loss} not "
                "connected: nothing is gained, and nothing much is lost."
            ),
            _nothing_to_gain,
        ),
        Notice(
            N_(
                "Where both count, the two cases end at {mixed1.head1.loss} and {mixed2.head1.loss}; where only the other counts, at "
                "{other1.head1.loss} and {other2.head1.loss}."
            ),
            _the_more_it_knows_the_more_it_pays,
        ),
        Notice(
            N_(
                "The distance comes close to what the other tweet is worth to a head that has its own: {own1.worth}, {mixed1.worth} "
                "and {other1.worth} nats. Its name is conditional mutual information, I(y1; tweet_b | tweet_a), and it is a fact "
                "of the data, whatever the model."
            ),
            _the_gap_is_the_worth,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Gives the advice of the whole lesson a measure: connect inputs where the other one tells something new."
        ),
        misconceptions=(
            N_(
                "“More inputs are always better.” Only if they tell something about the label that is not known already."
            ),
            N_(
                "“Then concatenate always, it does no harm.” It did little harm here, with 2,048 pairs. Unused inputs "
                "are still inputs that must be there when the model is used."
            ),
        ),
        timing=N_(
            "A minute for the question: ask for an example of each world from the learners’ own work. Then two for the curve."
        ),
    ),
    handout=Handout(
        N_("Find an example from your own field for each of the three worlds."),
        N_(
            "For instance: the language of a tweet (own tweet only); whether a discussion gets heated (both); whether a tweet will "
            "be contradicted, judged by its reply alone (other tweet only)."
        ),
    ),
)
