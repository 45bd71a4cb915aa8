"""Step 8: what still ties the tasks in case 2 is not in the graph: both train the same weights."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import HeadResult, Results
from mtl_core.lessons.steps.worlds import ALIKE

__all__ = ["STEP"]

_APART = ALIKE.replace(encoder="separate")


def _score(head: HeadResult) -> tuple[float, float]:
    return head.loss, head.right


def _separate_is_unchanged(seen: Results) -> bool:
    return _score(seen["separate"].head1) == _score(seen["separate_spoiled"].head1)


def _shared_is_worse_off(seen: Results) -> bool:
    before, after = seen["shared"].head1, seen["shared_spoiled"].head1
    return abs(before.loss - after.loss) > 0.01 and before.right > after.right


def _no_path_and_yet_a_tie(seen: Results) -> bool:
    return all(head.flat for run in seen.runs.values() for head in run.heads) and _shared_is_worse_off(seen)


STEP = Step(
    id="tie",
    title=N_("A tie without a path"),
    minutes=2,
    setup=N_(
        "Case 2 once more. Each [head](glossary#head) is asked about its own tweet only, and there are only 128 pairs to learn "
        "from. Now task 2 is spoiled: its training labels are shuffled, so there is nothing to learn. Task 1 is left as it was."
    ),
    pictures=(Picture(ALIKE.model, "calls", "predictions1"),),
    revealed=(Picture(ALIKE.model, "training"), Picture(_APART.model, "training")),
    questions=(
        Question(
            N_("Head 1 cannot see tweet_b. Does it learn exactly what it learned before?"),
            (
                Choice(
                    N_("Yes, to the last digit: no path leads there"),
                    N_(
                        "No path means that nothing passes when the model predicts. While it learns, the "
                        "[losses](glossary#loss) of both tasks change the weights of the one LSTM."
                    ),
                ),
                Choice(
                    N_("No, it learns something else"),
                    N_(
                        "Both losses pull at the same LSTM weights. Whatever task 2 pulls at, head 1 reads the outcome."
                    ),
                    right=True,
                ),
                Choice(
                    N_("No, it learns nothing any more: half of the labels are noise"),
                    N_("Its own labels are as good as ever, and their loss still pulls the LSTM to what head 1 needs."),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("shared", N_("task 2 as it was"), ALIKE, N_("Shared LSTM")),
        Experiment("shared_spoiled", N_("task 2 spoiled"), ALIKE.replace(shuffled_labels="y2"), N_("Shared LSTM")),
        Experiment("separate", N_("task 2 as it was"), _APART, N_("An LSTM each")),
        Experiment("separate_spoiled", N_("task 2 spoiled"), _APART.replace(shuffled_labels="y2"), N_("An LSTM each")),
    ),
    show="coupling",
    notice=(
        Notice(
            N_(
                "With an LSTM for each tweet, head 1 does not notice: right on {separate.head1.right} before and on "
                "{separate_spoiled.head1.right} after, at a loss of {separate.head1.loss} and {separate_spoiled.head1.loss} "
                "[nats](glossary#nats), equal to the last digit."
            ),
            _separate_is_unchanged,
        ),
        Notice(
            N_(
                "With one shared LSTM, head 1 suffers: right on {shared.head1.right} before and on {shared_spoiled.head1.right} after, "
                "at a loss of {shared.head1.loss} and {shared_spoiled.head1.loss}. What happened to task 2 has changed it, although "
                "nothing leads from tweet_b to it."
            ),
            _shared_is_worse_off,
        ),
        Notice(
            N_(
                "So two things can tie tasks. [Concatenate](glossary#concatenate) acts when the model predicts. "
                "[Shared weights](glossary#sharing) act only while it learns. Case 2 has the second without the first."
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
                "“Noise in one task must hurt the other.” Here it does, because task 2 had helped. In world A of the next step, "
                "head 1 is better off without task 2. What matters here is that it changed at all."
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
