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


def _both_calls_use_the_same_1600_weights(_seen: Results) -> bool:
    calls = _graph().shared_layers["shared_lstm"]
    return [call.parameters for call in calls] == [1600, 1600] and _graph().parameters == 1600 + 2 * 17


STEP = Step(
    id="drawing",
    title=N_("The path that is not there"),
    minutes=2,
    setup=N_(
        "This is case 2 as `plot_model` draws it, one box per layer. On paper a path leads from tweet_b into shared_lstm and on "
        "to predictions1."
    ),
    pictures=(Picture(CASE2.model, "layers", "predictions1"),),
    revealed=(Picture(CASE2.model, "layers", "predictions1"), Picture(CASE2.model, "calls", "predictions1")),
    questions=(
        Question(
            N_("In the trained model, can a change in tweet_b change what head 1 predicts?"),
            (
                Choice(
                    N_("Yes, the drawing shows the path"),
                    N_(
                        "The drawing has one box per layer, and shared_lstm is called twice. Both calls share the box, so the path on "
                        "paper enters with one call’s arrow and leaves with the other’s."
                    ),
                ),
                Choice(
                    N_("No, not by one bit"),
                    N_(
                        "shared_lstm is called on each tweet separately. What it makes of tweet_b goes to head 2 only; no call takes it "
                        "to head 1."
                    ),
                    right=True,
                ),
                Choice(
                    N_("Yes, a little, because both tweets go through the same weights"),
                    N_(
                        "Reading tweet_b does not change the weights, and nothing else of tweet_b is left behind in the LSTM when "
                        "it is called on tweet_a."
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
                "`plot_model` gives a layer that is called twice one box, with the arrows of both calls. So it draws two paths that "
                "do not exist: from each tweet to the other tweet’s head."
            ),
            _two_paths_are_false,
        ),
        Notice(
            N_(
                "With one box per call, the path from tweet_b ends at head 2 and the one from tweet_a at head 1: of the four paths "
                "on paper, two exist."
            ),
            _two_of_four_paths_exist,
        ),
        Notice(
            N_(
                "Both boxes of shared_lstm are the same 1,600 weights, used twice. Sharing weights does not mean sharing what was "
                "read."
            ),
            _both_calls_use_the_same_1600_weights,
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
                "“An LSTM remembers.” It remembers earlier time steps of one sequence. By default Keras starts each call from "
                "an empty state."
            ),
        ),
        timing=N_(
            "One minute with the first drawing, without a hint; then show the second and trace one path with a finger."
        ),
    ),
    handout=Handout(
        N_("Draw case 2 again with one box per call of shared_lstm. Trace every path that leads to head 1."),
        N_(
            "tweet_a, first call of shared_lstm, predictions1; and apart from that tweet_b, second call of shared_lstm, predictions2. Only the first of them leads to head 1."
        ),
    ),
)
