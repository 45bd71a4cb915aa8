"""Step 2: what plot_model draws, and the path that is not there."""

from __future__ import annotations

from mtl_core.graph import CallGraph
from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import CASE2

__all__ = ["STEP"]


def _graph() -> CallGraph:
    return CallGraph.from_spec(CASE2.model, CASE2.data)


def _two_paths_are_false(_seen: Results) -> bool:
    return set(_graph().false_paths()) == {("tweet_a", "predictions2"), ("tweet_b", "predictions1")}


def _two_of_four_paths_exist(_seen: Results) -> bool:
    return sorted(pair for pair, path in _graph().dependence().items() if path) == [
        ("predictions1", "tweet_a"),
        ("predictions2", "tweet_b"),
    ]


def _both_calls_use_the_same_5184_weights(_seen: Results) -> bool:
    calls = _graph().shared_layers["shared_lstm"]
    return [call.parameters for call in calls] == [5184, 5184] and _graph().parameters == 5184 + 2 * 17


STEP = Step(
    id="drawing",
    title=N_("The path that is not there"),
    minutes=2,
    setup=N_(
        "This is case 2 as `plot_model` of Keras draws it: one box per layer. In the drawing, a path leads from tweet_b into "
        "shared_lstm and on to predictions1. That is [head](glossary#head) 1, which is asked about tweet_a."
    ),
    pictures=(Picture(CASE2.model, "layers", "predictions1"),),
    revealed=(Picture(CASE2.model, "layers", "predictions1"), Picture(CASE2.model, "calls", "predictions1")),
    questions=(
        Question(
            N_("In the trained model, can a change in tweet_b change what head 1 answers?"),
            (
                Choice(
                    N_("Yes, the drawing shows the path"),
                    N_(
                        "The drawing has one box per layer, and shared_lstm is [called](glossary#call) twice. Both calls share "
                        "the box. The path enters with the arrow of one call and leaves with the arrow of the other."
                    ),
                ),
                Choice(
                    N_("No, not by one bit"),
                    N_(
                        "shared_lstm is called on each tweet apart. What it makes of tweet_b goes to head 2 only. No call takes "
                        "it to head 1."
                    ),
                    right=True,
                ),
                Choice(
                    N_("Yes, a little, because both tweets go through the same weights"),
                    N_(
                        "Reading tweet_b does not change the weights. And nothing of tweet_b is left behind in the LSTM when it "
                        "is called on tweet_a."
                    ),
                ),
                Choice(
                    N_("That depends on the weights it has learned"),
                    N_("Weights decide how much goes along a path. Here there is no path for them to act on."),
                ),
            ),
        ),
    ),
    show="drawing",
    notice=(
        Notice(
            N_(
                "`plot_model` gives a layer that is called twice one box, with the arrows of both calls. So it draws two paths "
                "that do not exist: from each tweet to the other tweet’s head."
            ),
            _two_paths_are_false,
        ),
        Notice(
            N_(
                "With one box per call, tweet_b leads to head 2 only, and tweet_a to head 1 only. Of the four paths in the first "
                "drawing, two exist."
            ),
            _two_of_four_paths_exist,
        ),
        Notice(
            N_(
                "Both boxes of shared_lstm are the same 5,184 weights, used twice. [Sharing weights](glossary#sharing) does not "
                "mean sharing what was read."
            ),
            _both_calls_use_the_same_5184_weights,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_(
            "Takes apart the most common reason for being stuck: a drawing of layers is read as a drawing of information."
        ),
        misconceptions=(
            N_(
                "“The shared LSTM mixes the tweets.” Compare with a function: f(a) and f(b) use the same f, and f(a) knows nothing "
                "of b."
            ),
            N_(
                "“An LSTM remembers.” It remembers earlier words of one tweet. By default Keras starts each call from an empty "
                "state."
            ),
        ),
        timing=N_(
            "One minute with the first drawing, without a hint; then show the second and trace one path with a finger."
        ),
    ),
    handout=Handout(
        N_("Draw case 2 again with one box per call of shared_lstm. Trace every path that leads to head 1."),
        N_(
            "One path: tweet_a, first call of shared_lstm, predictions1. The other path of the model does not lead to head 1: "
            "tweet_b, second call of shared_lstm, predictions2."
        ),
    ),
)
