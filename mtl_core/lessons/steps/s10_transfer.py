"""Step 10: the same question asked of other models; their call graphs answer."""

from __future__ import annotations

import functools

from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Handout, Notice, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results

__all__ = ["STEP"]


@functools.cache
def _graph(name: str) -> CallGraph:
    return CallGraph.from_json(load_example(name))


def _shared_is_not_merged(_seen: Results) -> bool:
    siamese, heads = _graph("siamese"), _graph("three_heads")
    inside = {call.layer for call in siamese.first_merges("same")}
    return inside == {"subtract"} and set(heads.false_paths()) == {("tweet_a", "mood_b"), ("tweet_b", "mood_a")}


def _two_inputs_need_a_merge(_seen: Results) -> bool:
    graphs = [_graph(name) for name in ("siamese", "image_text", "three_heads")]
    return all(
        bool(graph.first_merges(head)) == (len(graph.seen_by_head(head)) > 1)
        for graph in graphs
        for head in graph.outputs
    )


def _arrows_have_a_direction(_seen: Results) -> bool:
    graph = _graph("image_text")
    return graph.seen_by("language") == ("caption",) and graph.seen_by("caption_fits") == ("image", "caption")


STEP = Step(
    id="transfer",
    title=N_("Your turn"),
    minutes=3,
    setup=N_(
        "Three other models, with other [encoders](glossary#encoder), drawn as `plot_model` draws them, with one box per layer. Think in [calls](glossary#call) and say "
        "what each [head](glossary#head) can read. Once you have committed, each model is drawn with one box per call."
    ),
    questions=(
        Question(
            N_(
                "A siamese network: one encoder is called on two images, and one head tells whether they show the same person. Where "
                "can anything of left and right first come together?"
            ),
            (
                Choice(
                    N_("In the encoder, through which both images go"),
                    N_("It has one set of weights, and is called twice. What it makes of left knows nothing of right."),
                    meets="encoder",
                ),
                Choice(
                    N_("Where the two encodings are subtracted"),
                    N_("That is the first call that takes both. A merge need not be called concatenate."),
                    right=True,
                    meets="subtract",
                ),
                Choice(
                    N_("Only in the last layer, same"),
                    N_("By then they have met: same reads their difference."),
                    meets="same",
                ),
            ),
            example="siamese",
        ),
        Question(
            N_(
                "A model of posts with an image and a caption. Some posts come without an image, and zeros are fed instead. Which "
                "heads answer exactly as they would with the image?"
            ),
            (
                Choice(
                    N_("Neither, because the heads were trained together"),
                    N_("Training is over. What counts now is which calls lead from the image to a head."),
                    paths={("caption_fits", "image"): True, ("language", "image"): True},
                ),
                Choice(
                    N_("Only language"),
                    N_("language branches off before image and caption meet; caption_fits reads what comes after."),
                    right=True,
                    paths={("caption_fits", "image"): True, ("language", "image"): False},
                ),
                Choice(
                    N_("Only caption_fits"),
                    N_("It is the other way round: to tell whether a caption fits, it must read the image."),
                    paths={("caption_fits", "image"): False, ("language", "image"): True},
                ),
                Choice(
                    N_("Both"),
                    N_("caption_fits stands behind the concatenation of image and caption, so the zeros reach it."),
                    paths={("caption_fits", "image"): False, ("language", "image"): False},
                ),
            ),
            example="image_text",
        ),
        Question(
            N_(
                "Three heads on one shared LSTM: the mood of each tweet, and whether both have the same author. You exchange tweet_b "
                "for another tweet. Which heads can change their answer?"
            ),
            (
                Choice(
                    N_("All three, because all of them read the shared LSTM"),
                    N_("They read its calls. mood_a reads the call on tweet_a, which has never met tweet_b."),
                    paths={("mood_a", "tweet_b"): True, ("mood_b", "tweet_b"): True, ("same_author", "tweet_b"): True},
                ),
                Choice(
                    N_("mood_b only"),
                    N_("same_author reads the concatenation of both calls, so tweet_b reaches it as well."),
                    paths={
                        ("mood_a", "tweet_b"): False,
                        ("mood_b", "tweet_b"): True,
                        ("same_author", "tweet_b"): False,
                    },
                ),
                Choice(
                    N_("mood_b and same_author"),
                    N_(
                        "mood_b reads the call on tweet_b, and same_author reads both calls. mood_a reads the other call only."
                    ),
                    right=True,
                    paths={("mood_a", "tweet_b"): False, ("mood_b", "tweet_b"): True, ("same_author", "tweet_b"): True},
                ),
            ),
            example="three_heads",
        ),
    ),
    show="transfer",
    notice=(
        Notice(
            N_(
                "Count calls, not layers. A layer that is called twice is two boxes, and what enters one does not leave the other. "
                "To [share weights](glossary#sharing) is not to [merge](glossary#merge)."
            ),
            _shared_is_not_merged,
        ),
        Notice(
            N_(
                "A head can read two inputs only behind a call that takes both, whatever kind it is: a concatenation, a difference, a "
                "sum or a product."
            ),
            _two_inputs_need_a_merge,
        ),
        Notice(
            N_(
                "Follow the arrows backwards from a head. What you meet is all that it can read; what you do not meet, it cannot "
                "read, bit for bit."
            ),
            _arrows_have_a_direction,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_("Tells whether learners can use the idea where nobody has coloured the boxes for them."),
        misconceptions=(
            N_(
                "“Trained together means connected.” That was step 8: the tie in training does not carry anything at prediction time."
            ),
            N_("“Information flows both ways along an arrow.” Only gradients go back, and only while training."),
        ),
        timing=N_(
            "A minute a model, alone and in silence; compare at the end. Learners may go on with a model of their own."
        ),
    ),
    handout=Handout(
        N_("For each of the three models, fill in a table of heads by inputs: a cross where a path exists."),
        N_(
            "Siamese network: same reads left and right. Posts: caption_fits reads image and caption, language only the caption. Three "
            "heads: mood_a reads tweet_a, mood_b reads tweet_b, same_author reads both."
        ),
    ),
)
