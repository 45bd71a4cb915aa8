"""Step 3: in case 2, shuffle the other tweet; who notices?"""

from __future__ import annotations

import math

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE2

__all__ = ["STEP"]


def _head_1_is_flat(seen: Results) -> bool:
    return seen["case2"].head1.flat and seen["case2"].head1.cost == 0.0


def _head_2_suffers(seen: Results) -> bool:
    return seen["case2"].head2.own_shuffled > math.log(2) + 0.05


def _both_heads_are_flat(seen: Results) -> bool:
    return all(head.flat for head in seen["case2"].heads)


STEP = Step(
    id="shuffle_apart",
    title=N_("Case 2: who notices?"),
    minutes=2,
    setup=N_(
        "A path can be tested. Case 2 is trained; now every unseen pair is given another pair’s tweet_b: a real tweet, but the "
        "wrong one. A head that uses tweet_b must get worse."
    ),
    pictures=(Picture(CASE2.model, "calls", "tweet_b"),),
    questions=(
        Question(
            N_("Whose loss changes?"),
            (
                Choice(
                    N_("Both heads’"),
                    N_("To notice, head 1 would have to read tweet_b, and no call takes it there."),
                ),
                Choice(
                    N_("Only head 1’s"),
                    N_("Head 1 is the one that never sees tweet_b. It is head 2 whose own tweet was taken away."),
                ),
                Choice(
                    N_("Only head 2’s"),
                    N_("tweet_b is all that head 2 reads, and it now belongs to another pair. Head 1 never sees it."),
                    right=True,
                ),
                Choice(
                    N_("Nobody’s"),
                    N_("Head 2 has learned to go by tweet_b. With a wrong one it must often be wrong."),
                ),
            ),
        ),
    ),
    experiments=(Experiment("case2", N_("Case 2: not connected"), CASE2),),
    show="shuffle",
    notice=(
        Notice(
            N_(
                "Head 1’s loss is the same to the last bit, however many pairs are shuffled. There is no path, so there is nothing "
                "to change."
            ),
            _head_1_is_flat,
        ),
        Notice(
            N_(
                "Head 2, whose own tweet was shuffled, goes from {case2.head2.loss} to {case2.head2.own_shuffled} nats. Always saying one "
                "half would cost {chance}: the wrong tweet misleads it."
            ),
            _head_2_suffers,
        ),
        Notice(
            N_(
                "Exactly 0 is not the same as almost 0. Exactly 0, here for both heads, means that a head cannot use the other tweet. "
                "Almost 0 means that what it makes of that tweet is of no use, though many of its answers may change."
            ),
            _both_heads_are_flat,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_("Turns a statement about a drawing into a measurement that anybody can repeat on their own model."),
        misconceptions=(
            N_(
                "“Zero is just a very small number.” Show the numbers as a table: they are equal in every digit, which does not "
                "happen by learning."
            ),
            N_(
                "“Shuffling destroys the tweets.” It only breaks up the pairs: every tweet is still there, beside a label that is "
                "not about it."
            ),
        ),
        timing=N_("Half a minute to choose; let somebody who chose otherwise explain the flat line."),
    ),
    handout=Handout(
        N_(
            "Sketch for each head how its loss will change while more and more pairs get a wrong tweet_b. Draw the curves you then "
            "see beside them."
        ),
        N_("Head 1 is a level line. Head 2 rises with the share of wrong tweets."),
    ),
)
