"""Step 1: what makes a model multi-task."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2

__all__ = ["STEP"]


def _losses_fall(seen: Results) -> bool:
    return all(head.loss < head.start - 0.05 for run in seen.runs.values() for head in run.heads)


def _all_beat_guessing(seen: Results) -> bool:
    return all(head.right > 0.6 for run in seen.runs.values() for head in run.heads)


def _case_1_is_right_more_often(seen: Results) -> bool:
    case1, case2 = seen["case1"], seen["case2"]
    return all(one.right > two.right + 0.05 for one, two in zip(case1.heads, case2.heads, strict=True))


STEP = Step(
    id="two_losses",
    title=N_("Two heads, two losses"),
    minutes=2,
    setup=N_(
        "Both models read two tweets, tweet_a and tweet_b: small made-up sentences, such as “hooray i love this film what a "
        "superb film yay”. Four words of each say yes or no, some more firmly than others. So it is known exactly what a "
        "tweet can tell.\n\n"
        "An [encoder](glossary#encoder), shared_lstm, turns each tweet into 16 numbers, its encoding. Then come two "
        "[heads](glossary#head), the last layer of each task. Both are asked: do both tweets together say yes? Case 1 "
        "lays the two encodings side by side before the heads, with [concatenate](glossary#concatenate). Case 2 does not. While a "
        "model learns, a [loss](glossary#loss) says of each head how wrong it is."
    ),
    pictures=(Picture(CASE1.model), Picture(CASE2.model)),
    questions=(
        Question(
            N_("Which of the two is a multi-task model?"),
            (
                Choice(
                    N_("Only case 1, because it joins the two tweets"),
                    N_(
                        "Joining decides what a head can read. A model with two inputs and one output may join them too, and "
                        "still has one task."
                    ),
                ),
                Choice(
                    N_("Only case 2, because each head minds its own tweet"),
                    N_("That, too, is about what a head can read. It does not say how many tasks are learned."),
                ),
                Choice(
                    N_("Both"),
                    N_(
                        "Each has two outputs, and a loss for each. "
                        "[Multi-task learning](glossary#multi_task) is just that: learning several tasks together with one "
                        "model that has an output and a loss for each."
                    ),
                    right=True,
                ),
                Choice(
                    N_("Neither, because Keras trains on one number, the sum of the losses"),
                    N_(
                        "Keras does add the two losses. But each head has its own loss in that sum, and so its own task."
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
            N_(
                "Each model has two outputs and two losses. Training lowers their sum, and here all four losses fell: head 1’s "
                "from {case1.head1.start} to {case1.head1.loss} in case 1, and from {case2.head1.start} to {case2.head1.loss} in "
                "case 2. (The unit is the [nat](glossary#nats).)"
            ),
            _losses_fall,
        ),
        Notice(
            N_(
                "All four heads have learned something. Guessing is right on 50 in 100 [unseen pairs](glossary#unseen). In case 1 "
                "the heads are right on {case1.head1.right} and {case1.head2.right}, in case 2 on {case2.head1.right} and "
                "{case2.head2.right}."
            ),
            _all_beat_guessing,
        ),
        Notice(
            N_("So both models are multi-task, and they are not equally good. The next steps find out why."),
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
            "The heads are predictions1 and predictions2. In case 1 each reads both tweets. In case 2 head 1 reads tweet_a, and "
            "head 2 reads tweet_b."
        ),
    ),
)
