"""Step 4: the same shuffle in case 1; what it costs to be misled, and what the other tweet is worth."""

from __future__ import annotations

import math

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2

__all__ = ["STEP"]


def _worse_than_chance(seen: Results) -> bool:
    return all(head.shuffled > math.log(2) + 0.05 for head in seen["case1"].heads)


def _the_gap_between_the_cases_is_the_worth(seen: Results) -> bool:
    case1, case2 = seen["case1"], seen["case2"]
    gaps = [two.loss - one.loss for one, two in zip(case1.heads, case2.heads, strict=True)]
    return all(abs(gap - case1.worth) < 0.08 for gap in gaps)


def _the_cost_is_far_more_than_the_worth(seen: Results) -> bool:
    return all(head.cost > seen["case1"].worth + 0.15 for head in seen["case1"].heads)


STEP = Step(
    id="shuffle_joined",
    title=N_("Case 1: the same shuffle"),
    minutes=2,
    setup=N_(
        "Case 1 was trained on the same pairs as case 2, but each of its heads reads both encodings. Again every unseen pair is "
        "given another pair’s tweet_b."
    ),
    pictures=(Picture(CASE1.model, "calls", "tweet_b"),),
    questions=(
        Question(
            N_("What happens to head 1?"),
            (
                Choice(
                    N_("Nothing, as before"),
                    N_(
                        "Now a path leads from tweet_b to head 1, and tweet_b helps with its task, so training has made use of it."
                    ),
                ),
                Choice(
                    N_("It gets worse than somebody who always says one half"),
                    N_(
                        "The head goes on trusting tweet_b, and the wrong one misleads it. Being misled costs more than not knowing."
                    ),
                    right=True,
                ),
                Choice(
                    N_("It falls back to where case 2 is without any shuffle"),
                    N_(
                        "It would if it knew that tweet_b is wrong and left it aside. But it believes the wrong tweet as firmly as it "
                        "believed the right one."
                    ),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("case1", N_("Case 1: concatenated"), CASE1),
        Experiment("case2", N_("Case 2: not connected"), CASE2),
    ),
    show="shuffle",
    notice=(
        Notice(
            N_(
                "Head 1 goes from {case1.head1.loss} to {case1.head1.shuffled} nats. Saying one half every time costs {chance}: "
                "the wrong tweet is worse than none."
            ),
            _worse_than_chance,
        ),
        Notice(
            N_(
                "Case 2, which has never had tweet_b, is at {case2.head1.loss}. The distance between the two trained cases is close "
                "to what tweet_b is worth to a head that has tweet_a: {case1.worth} nats, on average over all possible pairs."
            ),
            _the_gap_between_the_cases_is_the_worth,
        ),
        Notice(
            N_(
                "The shuffle costs {case1.head1.cost} nats, far more than that. It measures how much a head relies on an input, not "
                "how much the input is worth."
            ),
            _the_cost_is_far_more_than_the_worth,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Shows the forward coupling at work, and that the usual measure of importance answers another question than most "
            "people think."
        ),
        misconceptions=(
            N_(
                "“Shuffling takes the information away, so it shows what the information was worth.” It puts wrong information in "
                "its place. To see what it is worth, train without it."
            ),
            N_(
                "“A loss above 0.693 is a mistake in the app.” A head that is sure and wrong pays more than one that admits not to "
                "know."
            ),
        ),
        timing=N_(
            "Collect the choices first, then spend the time on why head 1 does not fall back to where case 2 is."
        ),
    ),
    handout=Handout(
        N_(
            "Three numbers belong to head 1: its loss as trained, its loss with a wrong tweet_b, and case 2’s loss. Write them in "
            "order before you see them, then after."
        ),
        N_("From low to high: as trained, case 2, with a wrong tweet_b."),
    ),
)
