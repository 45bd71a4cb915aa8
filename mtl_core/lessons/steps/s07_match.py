"""Step 7: a concatenation read by one Dense unit only adds; whether two tweets agree needs more."""

from __future__ import annotations

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import MATCH

__all__ = ["STEP"]

_HIDDEN = MATCH.replace(hidden_units=16)
_PRODUCT = MATCH.replace(merge="multiply")
_MIXED = _PRODUCT.replace(mixing_deg=45.0)


def _adding_stays_with_guessing(seen: Results) -> bool:
    return all(head.most < 0.55 for head in seen["added_up"].heads)


def _a_hidden_layer_finds_the_match(seen: Results) -> bool:
    return all(seen["hidden"].both - 0.05 < head.right for head in seen["hidden"].heads)


def _a_product_needs_a_pure_match(seen: Results) -> bool:
    pure, mixed = seen["product"], seen["mixed"]
    return all(head.right > pure.both - 0.06 for head in pure.heads) and all(
        head.right < mixed.both - 0.05 for head in mixed.heads
    )


STEP = Step(
    id="match",
    title=N_("Do the two tweets agree?"),
    minutes=3,
    setup=N_(
        "A new question to both [heads](glossary#head): do the two tweets agree, both yes or both no? It is like asking whether a "
        "reply fits a tweet. One tweet alone tells nothing at all, the pair tells a lot. Case 1 concatenates, so each head reads "
        "both."
    ),
    pictures=(Picture(MATCH.model),),
    revealed=(Picture(MATCH.model), Picture(_HIDDEN.model)),
    questions=(
        Question(
            N_("How far does case 1 get?"),
            (
                Choice(
                    N_("No further than guessing"),
                    N_(
                        "One Dense unit adds what it finds in tweet_a to what it finds in tweet_b. But a yes in tweet_b must count "
                        "for the label if tweet_a says yes, and against it if tweet_a says no. No sum does that."
                    ),
                    right=True,
                ),
                Choice(
                    N_("About half way"),
                    N_("For a sum there is no half way here: what a yes in tweet_b means depends entirely on tweet_a."),
                ),
                Choice(
                    N_("As far as anything can, because it reads both tweets"),
                    N_("To read both is needed, and it is not enough. It also counts how they are put together."),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("added_up", N_("one Dense unit"), MATCH, N_("Whether they agree")),
        Experiment("hidden", N_("16 hidden units"), _HIDDEN, N_("Whether they agree")),
        Experiment("product", N_("multiplied"), _PRODUCT, N_("Whether they agree")),
        Experiment("mixed", N_("multiplied"), _MIXED, N_("Own tweet counts too")),
    ),
    show="match",
    notice=(
        Notice(
            N_(
                "Concatenated and read by one Dense unit, head 1 guesses: it is right on {added_up.head1.right}, and on "
                "{added_up.head1.most} at its best epoch. More training cannot help."
            ),
            _adding_stays_with_guessing,
        ),
        Notice(
            N_(
                "With a [hidden layer](glossary#hidden) of 16 units after the concatenation, head 1 is right on {hidden.head1.right}. The "
                "[best possible](glossary#best_possible) is {hidden.both}. The hidden layer can learn how the two go together."
            ),
            _a_hidden_layer_finds_the_match,
        ),
        Notice(
            N_(
                "To multiply the [encodings](glossary#encoder) does it without a hidden layer: {product.head1.right}. But both tweets went through the same "
                "LSTM, and a product does not tell whose tweet is whose. Where a head is also asked about its own tweet, it is right on "
                "{mixed.head1.right}, and {mixed.both} is possible."
            ),
            _a_product_needs_a_pure_match,
        ),
    ),
    teacher=TeacherNotes(
        purpose=N_("Shows the limit of the question’s own case 1: connected is not yet combined."),
        misconceptions=(
            N_("“The network will work it out if it is trained for longer.” A sum cannot, whatever its weights."),
            N_(
                "“The LSTM is non-linear, so the model can do anything.” It is, but it sees one tweet at a time; after it, "
                "the tweets meet in one sum only."
            ),
            N_("“So multiply always.” A product forgets the order of the pair, and each tweet’s own contribution."),
        ),
        timing=N_(
            "Let learners fill in the table of the handout first; then the choice is quick, and the surprise is the product."
        ),
    ),
    handout=Handout(
        N_(
            "Write a number for “tweet_a says yes”, “tweet_a says no”, “tweet_b says yes” and “tweet_b says no”, so that the sum "
            "for a pair is positive exactly if the two agree. Can you?"
        ),
        N_(
            "It is impossible. The two pairs that agree and the two others have the same total, so they cannot be all positive on "
            "one side and all negative on the other. (It is the XOR problem: Minsky and Papert, Perceptrons, 1969.)"
        ),
    ),
)
