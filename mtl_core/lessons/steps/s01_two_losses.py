"""Step 1: what makes a model multi-task."""

from __future__ import annotations

import math

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2

__all__ = ["STEP"]


def _losses_fall(seen: Results) -> bool:
    return all(head.loss < head.start - 0.05 for run in seen.runs.values() for head in run.heads)


def _all_beat_chance(seen: Results) -> bool:
    return all(head.loss < math.log(2) - 0.05 for run in seen.runs.values() for head in run.heads)


def _case_1_is_right_more_often(seen: Results) -> bool:
    case1, case2 = seen["case1"], seen["case2"]
    return all(one.right > two.right + 0.05 for one, two in zip(case1.heads, case2.heads, strict=True))


STEP = Step(
    id="two_losses",
    title=N_("Two heads, two losses"),
    minutes=2,
    setup=N_(
        "Both models read two tweets and give two answers. Each answer comes from an output layer of its own, called a head: "
        "head 1 answers a question about tweet_a, head 2 one about tweet_b. Case 1 concatenates the two encodings before the "
        "heads, case 2 does not. (The tweets are made-up sequences of numbers, so that it is known exactly what each can tell.)"
    ),
    pictures=(Picture(CASE1.model), Picture(CASE2.model)),
    questions=(
        Question(
            N_("Which of the two is a multi-task model?"),
            (
                Choice(
                    N_("Only case 1, because it joins the two tweets"),
                    N_(
                        "Joining decides what a head can read. A model with two inputs and one output may join them as well, and "
                        "it still has only one task."
                    ),
                ),
                Choice(
                    N_("Only case 2, because each head minds its own tweet"),
                    N_("That, too, is about what a head can read, and not about how many tasks are learned."),
                ),
                Choice(
                    N_("Both"),
                    N_(
                        "Each has two outputs with a loss each, and learns them together. That is what multi-task means; the "
                        "merge has nothing to do with it."
                    ),
                    right=True,
                ),
                Choice(
                    N_("Neither, because Keras trains on one number, the sum of the losses"),
                    N_(
                        "It does add them up. But each head has a loss of its own in that sum, and so a task of its own."
                    ),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("case1", N_("Case 1: concatenated"), CASE1),
        Experiment("case2", N_("Case 2: not connected"), CASE2),
    ),
    show="losses",
    notice=(
        Notice(
            N_("Each model has two outputs and two losses. Training lowers their sum, and here all four losses fell."),
            _losses_fall,
        ),
        Notice(
            N_(
                "Head 1 ends at {case1.head1.loss} nats in case 1 and at {case2.head1.loss} in case 2; head 2 at "
                "{case1.head2.loss} and {case2.head2.loss}. Saying one half every time would cost {chance}, so all four have "
                "learned something."
            ),
            _all_beat_chance,
        ),
        Notice(
            N_(
                "Both models learn two tasks, but not equally well: head 1 is right on {case1.head1.right} unseen pairs in case 1 "
                "and on {case2.head1.right} in case 2. The next steps find out why."
            ),
            _case_1_is_right_more_often,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Separates two questions that learners mix up: how many tasks there are, and what each head can read."
        ),
        misconceptions=(
            N_(
                "“Multi-task means that the inputs are merged.” Ask how many outputs and how many losses there are; nothing else "
                "counts."
            ),
            N_("“A lower loss means more tasks.” The loss tells how well a task was learned, not how many there are."),
        ),
        timing=N_("Half a minute to choose, half a minute to compare with a neighbour, one minute for the curves."),
    ),
    handout=Handout(
        N_("Mark the two heads in each drawing. Write beside each which tweets you think it can read."),
        N_(
            "The heads are predictions1 and predictions2. In case 1 each reads both tweets; in case 2 head 1 reads tweet_a and head 2 reads tweet_b."
        ),
    ),
)
