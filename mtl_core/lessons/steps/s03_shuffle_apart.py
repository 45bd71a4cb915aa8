"""Step 3: in case 2, shuffle the other tweet; who notices?"""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE2

__all__ = ["STEP"]


def _head_1_is_flat(seen: Results) -> bool:
    head1 = seen["case2"].head1
    return head1.flat and abs(head1.other_shuffled - head1.right) < 0.001


def _head_2_is_left_with_guessing(seen: Results) -> bool:
    head2 = seen["case2"].head2
    return head2.right > 0.65 and abs(head2.own_shuffled - 0.5) < 0.05


def _no_path_for_one_and_the_other_relies_on_it(seen: Results) -> bool:
    return _head_1_is_flat(seen) and _head_2_is_left_with_guessing(seen)


STEP = Step(
    id="shuffle_apart",
    title=N_("Case 2: who notices?"),
    minutes=2,
    setup=N_(
        "A path can be tested. Case 2 is trained and stays as it is. Now tweet_b is [shuffled](glossary#shuffling): every "
        "[unseen pair](glossary#unseen) gets the tweet_b of another pair. It is a real tweet, but the wrong one. A "
        "[head](glossary#head) that goes by tweet_b must be right less often."
    ),
    pictures=(Picture(CASE2.model, "layers"),),
    revealed=(Picture(CASE2.model, "calls", "tweet_b"),),
    questions=(
        Question(
            N_("Which head is right less often?"),
            (
                Choice(
                    N_("Both heads"),
                    N_("To notice, head 1 would have to read tweet_b, and no call takes it there."),
                ),
                Choice(
                    N_("Only head 1"),
                    N_("Head 1 never sees tweet_b. It is head 2 whose own tweet was taken away."),
                ),
                Choice(
                    N_("Only head 2"),
                    N_("tweet_b is all that head 2 reads, and it now belongs to another pair. Head 1 never sees it."),
                    right=True,
                ),
                Choice(
                    N_("Neither"),
                    N_("Head 2 has learned to go by tweet_b. With the wrong one it must often be wrong."),
                ),
            ),
        ),
    ),
    experiments=(Experiment("case2", N_("Case 2: not connected"), CASE2),),
    show="shuffle",
    notice=(
        Notice(
            N_(
                "Head 1 is right on {case2.head1.right}, before and after. Its answers are the same to the last bit, however many "
                "pairs are shuffled. No path leads from tweet_b to it, so nothing can change."
            ),
            _head_1_is_flat,
        ),
        Notice(
            N_(
                "Head 2’s own tweet was shuffled. It was right on {case2.head2.right}; now it is right on "
                "{case2.head2.own_shuffled}. That is no better than guessing, which is right on 50 in 100."
            ),
            _head_2_is_left_with_guessing,
        ),
        Notice(
            N_(
                "Such a test can end in four ways. **No path**: not one bit can change. **Does not react**: there is a path, but "
                "hardly an answer changes. **Reacts, and it is of no use**: answers change, but as many are right. **Relies on "
                "it**: fewer are right. Head 1 has no path to tweet_b; head 2 relies on it."
            ),
            _no_path_for_one_and_the_other_relies_on_it,
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
            "Sketch for each head how often it is right while more and more pairs get a wrong tweet_b. Draw the curves you then "
            "see beside them."
        ),
        N_("Head 1 is a level line. Head 2 falls with the share of wrong tweets, down to 50 in 100."),
    ),
)
