"""Step 4: the same shuffle in case 1; a wrong tweet is worse than none."""

from __future__ import annotations

import math

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2

__all__ = ["STEP"]


def _worse_than_case_2(seen: Results) -> bool:
    pairs = zip(seen["case1"].heads, seen["case2"].heads, strict=True)
    return all(one.other_shuffled < two.right - 0.02 < one.right - 0.07 for one, two in pairs)


def _the_shuffle_costs_more_than_the_tweet_brings(seen: Results) -> bool:
    pairs = zip(seen["case1"].heads, seen["case2"].heads, strict=True)
    return all(one.right - one.other_shuffled > one.right - two.right > 0.05 for one, two in pairs)


def _the_loss_is_above_that_of_guessing(seen: Results) -> bool:
    return all(head.other_shuffled > 0.55 and head.shuffled > math.log(2) + 0.05 for head in seen["case1"].heads)


STEP = Step(
    id="shuffle_joined",
    title=N_("Case 1: the same shuffle"),
    minutes=2,
    setup=N_(
        "Case 1 learned from the same pairs as case 2, but each of its [heads](glossary#head) reads both tweets. Again every "
        "[unseen pair](glossary#unseen) gets the tweet_b of another pair: tweet_b is [shuffled](glossary#shuffling). Compare "
        "with case 2, whose head 1 has never had tweet_b."
    ),
    pictures=(Picture(CASE1.model),),
    revealed=(Picture(CASE1.model, "calls", "tweet_b"),),
    questions=(
        Question(
            N_("With a wrong tweet_b, how often is head 1 of case 1 right?"),
            (
                Choice(
                    N_("As often as before"),
                    N_(
                        "Now a path leads from tweet_b to head 1, and tweet_b helps with its task. So training has made use of it."
                    ),
                ),
                Choice(
                    N_("Less often than head 1 of case 2"),
                    N_(
                        "The head goes on trusting tweet_b, and the wrong one misleads it. To be misled is worse than not to know."
                    ),
                    right=True,
                ),
                Choice(
                    N_("As often as head 1 of case 2"),
                    N_(
                        "So it would be if it knew that tweet_b is wrong and left it aside. But it believes the wrong tweet as "
                        "firmly as the right one."
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
                "Head 1 of case 1 is right on {case1.head1.right}, and with a wrong tweet_b on {case1.head1.other_shuffled}. Head 1 of "
                "case 2 is right on {case2.head1.right}. The wrong tweet is worse than none."
            ),
            _worse_than_case_2,
        ),
        Notice(
            N_(
                "So there are two numbers. What tweet_b brings is the way from case 2 up to case 1. What a shuffle costs is the way "
                "from case 1 down to the end of its curve, which is longer. The cost tells how much a head trusts a tweet, and not "
                "how much the tweet brings."
            ),
            _the_shuffle_costs_more_than_the_tweet_brings,
        ),
        Notice(
            N_(
                "The [loss](glossary#loss) also counts how sure a head is. With a wrong tweet_b, head 1’s loss is "
                "{case1.head1.shuffled} [nats](glossary#nats). Saying “one half” every time would cost only {chance}: this head is often "
                "wrong, and sure of it."
            ),
            _the_loss_is_above_that_of_guessing,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Shows that `concatenate` acts when the model predicts, and that the usual measure of importance answers another "
            "question than most people think."
        ),
        misconceptions=(
            N_(
                "“Shuffling takes the information away, so it shows what the information was worth.” It puts wrong information in "
                "its place. To see what it is worth, train without it."
            ),
            N_(
                "“A loss above that of guessing is a mistake in the app.” A head that is sure and wrong pays more than one that "
                "admits not to know."
            ),
        ),
        timing=N_(
            "Collect the choices first, then spend the time on why head 1 does not fall back to where case 2 is."
        ),
    ),
    handout=Handout(
        N_(
            "How often is head 1 right in case 1, in case 1 with a wrong tweet_b, and in case 2? Write the three in order before "
            "you see them, then after."
        ),
        N_("From few to many: case 1 with a wrong tweet_b, case 2, case 1."),
    ),
)
