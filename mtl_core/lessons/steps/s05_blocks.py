"""Step 5: the head's kernel as two blocks, and turning the other tweet's block down to 0."""

from __future__ import annotations

from mtl_core.graph import CallGraph
from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE1, CASE2

__all__ = ["STEP"]


def _weights_of_head_1(case: int) -> int | None:
    spec = (CASE1, CASE2)[case - 1]
    return CallGraph.from_spec(spec.model, spec.data)["predictions1"].parameters


def _a_head_has_33_weights_or_17(_seen: Results) -> bool:
    return _weights_of_head_1(1) == 2 * 16 + 1 == 33 and _weights_of_head_1(2) == 16 + 1 == 17


def _cutting_off_hurts_less_than_misleading(seen: Results) -> bool:
    head1 = seen["case1"].head1
    return head1.loss + 0.1 < seen.off.head1 < head1.shuffled


def _learning_without_is_better_than_cutting_off(seen: Results) -> bool:
    return seen["case2"].head1.loss < seen.off.head1 - 0.01


STEP = Step(
    id="blocks",
    title=N_("Two blocks of weights"),
    minutes=3,
    setup=N_(
        "[concatenate](glossary#concatenate) computes nothing. It lays two [encodings](glossary#encoder) of 16 numbers side by "
        "side. The Dense unit of [head](glossary#head) 1 then has a block of 16 weights for tweet_a, a block of 16 for tweet_b, "
        "and a bias.\n\n"
        "Take the trained case 1 and multiply the block for tweet_b by a factor. At 0, head 1 reads what case 2 reads: tweet_a "
        "alone. How good it then is, its [loss](glossary#loss) tells, which also counts how sure it is."
    ),
    pictures=(Picture(CASE1.model, "calls", "predictions1"), Picture(CASE2.model, "calls", "predictions1")),
    questions=(
        Question(
            N_("With that block at 0, how does head 1 compare with head 1 of the trained case 2?"),
            (
                Choice(
                    N_("Its loss is higher"),
                    N_(
                        "All its other weights were trained to work together with that block. Case 2 has learned how far tweet_a "
                        "alone can be trusted. This head has not."
                    ),
                    right=True,
                ),
                Choice(
                    N_("Its loss is the same"),
                    N_(
                        "Both read the same tweet, but they have not learned the same. One has learned to do without tweet_b, the "
                        "other was cut off from it afterwards."
                    ),
                ),
                Choice(
                    N_("Its loss is lower, because it saw both tweets while training"),
                    N_("It learned what to do with both tweets. That is of no use once one of them no longer counts."),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("case1", N_("Case 1: concatenated"), CASE1),
        Experiment("case2", N_("Case 2: not connected"), CASE2),
    ),
    show="scale",
    notice=(
        Notice(
            N_(
                "A concatenation gives a head weights for both tweets: 2 · 16 + 1 = 33 in place of 16 + 1 = 17. A head may learn to "
                "set a block to 0. Without the concatenation there is no block to set."
            ),
            _a_head_has_33_weights_or_17,
        ),
        Notice(
            N_(
                "As trained, head 1’s loss is {case1.head1.loss} [nats](glossary#nats); with the block at 0 it is {off.head1}. That is "
                "bad, but better than a wrong tweet_b, which made it {case1.head1.shuffled}."
            ),
            _cutting_off_hurts_less_than_misleading,
        ),
        Notice(
            N_(
                "Case 2 reads the same tweet, and its loss is {case2.head1.loss}. So to switch a connection off afterwards does not tell "
                "how good a model without it would be. Only training one does."
            ),
            _learning_without_is_better_than_cutting_off,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Shows that concatenating is nothing but a wider block of weights, and that case 2 lies inside case 1 as one setting "
            "of it."
        ),
        misconceptions=(
            N_("“`concatenate` mixes the tweets.” It has no weights. The mixing is done by the layer that reads it."),
            N_(
                "“Setting weights to 0 is the same as never having had them.” The rest of the model was trained while they were "
                "there."
            ),
        ),
        timing=N_("Let learners move the slider themselves for a minute before you ask for the reading at 0."),
    ),
    handout=Handout(
        N_(
            "Count the weights of head 1 in both cases for an LSTM of 64 units. Then write down the loss at the factors 1, ½ and 0."
        ),
        N_(
            "Case 1: 2 · 64 + 1 = 129. Case 2: 64 + 1 = 65. The loss rises as the factor falls, and at 0 it is above that of case 2."
        ),
    ),
)
