"""Step 9: when shared weights help a task and when they harm it."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import ALIKE, UNLIKE

__all__ = ["STEP"]


def _head_1_alone_equals_an_lstm_each(seen: Results) -> bool:
    shared, separate, alone = (seen[name].head1.loss for name in ("unlike_shared", "unlike_each", "unlike_alone"))
    fewer = seen["unlike_shared"].head1.right < seen["unlike_each"].head1.right
    return fewer and shared > separate + 0.02 and abs(alone - separate) < 0.005


def _mean(seen: Results, name: str) -> float:
    return sum(head.loss for head in seen[name].heads) / 2


def _right(seen: Results, name: str) -> float:
    return sum(head.right for head in seen[name].heads) / 2


def _sharing_helps_where_alike(seen: Results) -> bool:
    lower = _mean(seen, "alike_shared") < _mean(seen, "alike_each") - 0.02
    return lower and _right(seen, "alike_shared") > _right(seen, "alike_each")


def _it_depends(seen: Results) -> bool:
    return _sharing_helps_where_alike(seen) and _mean(seen, "unlike_shared") > _mean(seen, "unlike_each") + 0.02


STEP = Step(
    id="sharing",
    title=N_("Is sharing good or bad?"),
    minutes=3,
    setup=N_(
        "Two worlds, both without a concatenation. Each [head](glossary#head) is asked about its own tweet only. Is one shared "
        "LSTM better, or an LSTM each? World A keeps to tweets of numbers: only there can the two tweets say what they say in "
        "two unrelated ways. (Drawn is world A.)"
    ),
    table=(
        (N_("What differs"), N_("World A"), N_("World B")),
        (N_("Tweets"), N_("number sequences"), N_("sentences")),
        (N_("What the two tasks look for"), N_("two unrelated things"), N_("the same words")),
        (N_("LSTM units"), "1", "16"),
        (N_("Pairs to learn from"), "1,024", "128"),
    ),
    pictures=(
        Picture(UNLIKE.model, "calls", "predictions1", UNLIKE.data),
        Picture(UNLIKE.replace(encoder="separate").model, "calls", "predictions1", UNLIKE.data),
    ),
    revealed=(
        Picture(UNLIKE.model, "training", data=UNLIKE.data),
        Picture(UNLIKE.replace(encoder="separate").model, "training", data=UNLIKE.data),
    ),
    questions=(
        Question(
            N_("Where do the heads end up better with one shared LSTM than with an LSTM each?"),
            (
                Choice(
                    N_("In both: the tasks can learn from each other"),
                    N_(
                        "In world A there is nothing to learn from each other. The two tasks pull the one unit in different "
                        "directions."
                    ),
                ),
                Choice(
                    N_("In neither: each task does best alone"),
                    N_(
                        "In world B both tasks look for the same words. A shared LSTM meets them twice as often, in the tweets of "
                        "both."
                    ),
                ),
                Choice(
                    N_("In A only"),
                    N_(
                        "It is the other way round. One unit cannot follow two different things without mixing them up."
                    ),
                ),
                Choice(
                    N_("In B only"),
                    N_(
                        "In B a shared LSTM meets the same words twice as often. In A one unit would have to follow two "
                        "unrelated things."
                    ),
                    right=True,
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("unlike_shared", N_("shared LSTM"), UNLIKE, N_("World A")),
        Experiment("unlike_each", N_("an LSTM each"), UNLIKE.replace(encoder="separate"), N_("World A")),
        Experiment("unlike_alone", N_("task 2 weight 0"), UNLIKE.replace(loss_weights=(1.0, 0.0)), N_("World A")),
        Experiment("alike_shared", N_("shared LSTM"), ALIKE, N_("World B")),
        Experiment("alike_each", N_("an LSTM each"), ALIKE.replace(encoder="separate"), N_("World B")),
    ),
    show="coupling",
    notice=(
        Notice(
            N_(
                "In world A head 1 is right on {unlike_shared.head1.right} with the shared LSTM and on {unlike_each.head1.right} with "
                "its own. Set the [loss weight](glossary#loss_weight) of task 2 to 0, and the shared LSTM is head 1’s alone: "
                "{unlike_alone.head1.right}."
            ),
            _head_1_alone_equals_an_lstm_each,
        ),
        Notice(
            N_(
                "In world B the heads are right on {alike_shared.head1.right} and {alike_shared.head2.right} with the shared LSTM, and "
                "on {alike_each.head1.right} and {alike_each.head2.right} with an LSTM each."
            ),
            _sharing_helps_where_alike,
        ),
        Notice(
            N_(
                "[Sharing](glossary#sharing) helps where the tasks need the same thing and examples are few. It harms where they need "
                "different things and there is little room. Whether to concatenate is another question."
            ),
            _it_depends,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_("Keeps learners from leaving with “sharing is good” or “sharing is bad”."),
        misconceptions=(
            N_(
                "“Multi-task learning always helps, because tasks regularise each other.” It helps tasks that are alike (Caruana, "
                "1997); others get in each other’s way."
            ),
            N_(
                "“Then use an LSTM each, to be safe.” In world B that ends worse: each LSTM learns from half of the tweets."
            ),
        ),
        timing=N_(
            "The five runs are short: let two or three groups run them live, each from a seed of its own, and collect the right "
            "answers on the board."
        ),
    ),
    handout=Handout(
        N_(
            "Think of two tasks that should share an encoder, and of two that should not. What is your reason in each case?"
        ),
        N_(
            "For instance: mood and irony of a tweet may share, as both need the meaning of words. The language of a tweet and the "
            "hour at which it was sent need different things."
        ),
    ),
)
