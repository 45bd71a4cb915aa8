"""Step 6: when concatenating pays; what the other tweet is worth, in right answers."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2, OTHER, OWN

__all__ = ["STEP"]

_WORLDS = ("own", "mixed", "other")


def _gaps(seen: Results, world: str) -> list[float]:
    """How many more right answers case 1 gives than case 2 in a world, head by head; shares."""
    joined, apart = seen[f"{world}1"], seen[f"{world}2"]
    return [one.right - two.right for one, two in zip(joined.heads, apart.heads, strict=True)]


def _nothing_to_gain(seen: Results) -> bool:
    return seen["own1"].worth == 0.0 and all(abs(gap) < 0.03 for gap in _gaps(seen, "own"))


def _the_more_it_knows_the_more_it_pays(seen: Results) -> bool:
    pairs = zip(_gaps(seen, "mixed"), _gaps(seen, "other"), strict=True)
    return all(0.1 < mixed < other - 0.1 for mixed, other in pairs)


def _the_gap_is_the_worth(seen: Results) -> bool:
    return all(abs(gap - seen[f"{world}1"].worth) < 0.06 for world in _WORLDS for gap in _gaps(seen, world))


STEP = Step(
    id="worth",
    title=N_("When does it pay?"),
    minutes=3,
    setup=N_(
        "Three worlds, with the same tweets. In the first, each [head](glossary#head) is asked about its own tweet only. In the "
        "second, which you have seen so far, it is asked about both together. In the third it is asked about the other tweet "
        "only. In each world case 1 and case 2 learn from the same pairs."
    ),
    pictures=(Picture(CASE1.model, "calls", "predictions1"), Picture(CASE2.model, "calls", "predictions1")),
    questions=(
        Question(
            N_("In which world does a concatenation add most right answers?"),
            (
                Choice(
                    N_("About the same in all three: more input is more information"),
                    N_(
                        "In the first world the other tweet says nothing about the label. What says nothing cannot help, however "
                        "much of it there is."
                    ),
                ),
                Choice(
                    N_("In the second, where both tweets count"),
                    N_(
                        "There it pays well. But head 1’s own tweet already tells part of the answer, and that part need not come "
                        "from elsewhere."
                    ),
                ),
                Choice(
                    N_("In the third, where only the other tweet counts"),
                    N_(
                        "What counts is what the other tweet tells and the own tweet does not. Here the own tweet tells nothing, "
                        "so without the concatenation all is lost."
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
    show="worth",
    notice=(
        Notice(
            N_(
                "Where only its own tweet counts, head 1 is right on {own1.head1.right} in case 1 and on {own2.head1.right} in "
                "case 2. Nothing is gained, and nothing much is lost."
            ),
            _nothing_to_gain,
        ),
        Notice(
            N_(
                "Where both count, it is right on {mixed1.head1.right} and on {mixed2.head1.right}. Where only the other counts, on "
                "{other1.head1.right} and on {other2.head1.right}: case 2 can only guess."
            ),
            _the_more_it_knows_the_more_it_pays,
        ),
        Notice(
            N_(
                "The dotted lines are the [best possible](glossary#best_possible), with both tweets and with the own one. Their "
                "distance is [what the other tweet is worth](glossary#worth): {own1.worth}, {mixed1.worth} and {other1.worth}. The "
                "two cases end about as far apart. So on your own data, train with and without the other input to find out."
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
            "A minute for the question: ask for an example of each world from the learners’ own work. Then two for the curves."
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
