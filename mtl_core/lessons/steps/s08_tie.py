"""Step 8: what still ties the tasks in case 2 is not in the graph: both train the same weights."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import UNLIKE

__all__ = ["STEP"]

_APART = UNLIKE.replace(encoder="separate")


def _separate_is_unchanged(seen: Results) -> bool:
    return seen["separate"].head1 == seen["separate_spoiled"].head1


def _shared_is_changed(seen: Results) -> bool:
    return abs(seen["shared"].head1.loss - seen["shared_spoiled"].head1.loss) > 0.02


def _spoiled_leaves_the_unit_to_task_1(seen: Results) -> bool:
    left = abs(seen["shared_spoiled"].head1.loss - seen["separate"].head1.loss)
    return _shared_is_changed(seen) and left < 0.05


def _no_path_and_yet_a_tie(seen: Results) -> bool:
    return all(head.flat for run in seen.runs.values() for head in run.heads) and _shared_is_changed(seen)


STEP = Step(
    id="tie",
    title=N_("A tie without a path"),
    minutes=2,
    setup=N_(
        "Case 2 once more, in a small world: each task needs its own tweet only, and the LSTM has one single unit. Now task 2 is "
        "spoiled: its training labels are shuffled, so there is nothing to learn. Task 1 is left as it was."
    ),
    pictures=(Picture(UNLIKE.model, "calls", "predictions1"),),
    revealed=(Picture(UNLIKE.model, "training"), Picture(_APART.model, "training")),
    questions=(
        Question(
            N_("Head 1 cannot see tweet_b. Does it learn exactly what it learned before?"),
            (
                Choice(
                    N_("Yes, to the last digit: no path leads there"),
                    N_(
                        "No path means that nothing passes when the model predicts. While it learns, the losses of both tasks change the "
                        "weights of the one LSTM."
                    ),
                ),
                Choice(
                    N_("No, it learns something else"),
                    N_(
                        "Both losses pull at the same LSTM weights. Whatever task 2 pulls at, head 1 will read the outcome."
                    ),
                    right=True,
                ),
                Choice(
                    N_("No, it learns nothing any more: half of the labels are noise"),
                    N_(
                        "Its own labels are as good as ever, and their loss still pulls the LSTM towards what head 1 needs."
                    ),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("shared", N_("task 2 as it was"), UNLIKE, N_("Shared LSTM")),
        Experiment("shared_spoiled", N_("task 2 spoiled"), UNLIKE.replace(shuffled_labels="y2"), N_("Shared LSTM")),
        Experiment("separate", N_("task 2 as it was"), _APART, N_("An LSTM each")),
        Experiment("separate_spoiled", N_("task 2 spoiled"), _APART.replace(shuffled_labels="y2"), N_("An LSTM each")),
    ),
    show="coupling",
    notice=(
        Notice(
            N_(
                "With an LSTM for each tweet, head 1 does not notice: {separate.head1.loss} before and {separate_spoiled.head1.loss} "
                "after, equal to the last digit."
            ),
            _separate_is_unchanged,
        ),
        Notice(
            N_(
                "With one shared LSTM it goes from {shared.head1.loss} to {shared_spoiled.head1.loss}. What happened to task 2 has "
                "changed head 1, although nothing leads from tweet_b to it: a task with nothing to learn leaves the one unit to task 1, which "
                "ends about where it does with an LSTM of its own."
            ),
            _spoiled_leaves_the_unit_to_task_1,
        ),
        Notice(
            N_(
                "So there are two couplings. `concatenate` acts when the model predicts; shared weights act only while it learns. Case "
                "2 has the second without the first."
            ),
            _no_path_and_yet_a_tie,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_("Completes the answer: what makes case 2 one model and not two."),
        misconceptions=(
            N_(
                "“No path in the graph means that the tasks are independent.” Independent when predicting; while training they share "
                "weights."
            ),
            N_(
                "“Noise in one task must hurt the other.” Here head 1 even gets better, and the next step shows why. What matters is "
                "that it changed at all."
            ),
        ),
        timing=N_(
            "Ask those who chose the first answer to explain it: they have understood step 2 well, and this is the other half."
        ),
    ),
    handout=Handout(
        N_("Draw an arrow from each of the two losses to every layer whose weights it changes, for both drawings."),
        N_(
            "Shared: both losses reach shared_lstm, and each its own head. An LSTM each: loss 1 reaches lstm_a and predictions1, loss "
            "2 reaches lstm_b and predictions2."
        ),
    ),
)
