"""Step 7: a concatenation read by one Dense unit only adds; a match needs more."""

from __future__ import annotations

import math

from mtl_core.language import N_
from mtl_core.lessons.parts import Choice, Experiment, Handout, Notice, Picture, Question, Step, TeacherNotes
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import MATCH

__all__ = ["STEP"]

_HIDDEN = MATCH.replace(hidden_units=16)
_PRODUCT = MATCH.replace(merge="multiply")
_MIXED = _PRODUCT.replace(mixing_deg=45.0)


def _adding_stays_at_chance(seen: Results) -> bool:
    return all(head.least > math.log(2) - 0.02 for head in seen["added_up"].heads)


def _a_hidden_layer_finds_the_match(seen: Results) -> bool:
    return all(head.loss < 0.5 for head in seen["hidden"].heads)


def _a_product_needs_a_pure_match(seen: Results) -> bool:
    pure, mixed = seen["product"], seen["mixed"]
    return all(head.loss < 0.5 for head in pure.heads) and all(
        head.loss > mixed.symmetric - 0.04 > mixed.both + 0.05 for head in mixed.heads
    )


STEP = Step(
    id="match",
    title=N_("Do the two tweets match?"),
    minutes=3,
    setup=N_(
        "A new rule. The label now asks whether the two tweets go together: both high or both low, as “is this reply about that "
        "tweet?” would. Either tweet alone tells nothing at all; the pair tells a lot. Case 1 concatenates, so each head reads "
        "both."
    ),
    pictures=(Picture(MATCH.model),),
    revealed=(Picture(MATCH.model), Picture(_HIDDEN.model)),
    questions=(
        Question(
            N_("How far does case 1 get?"),
            (
                Choice(
                    N_("Not beyond chance"),
                    N_(
                        "One Dense unit adds what it finds in tweet_a to what it finds in tweet_b. For a match, a high tweet_b must "
                        "speak for the label when tweet_a is high and against it when tweet_a is low. No sum does that."
                    ),
                    right=True,
                ),
                Choice(
                    N_("About half way"),
                    N_("For a sum there is no half way here: what a high tweet_b says depends entirely on tweet_a."),
                ),
                Choice(
                    N_("Close to the best possible, because it reads both tweets"),
                    N_("Reading both is needed, and it is not enough: it also counts how they are put together."),
                ),
            ),
        ),
    ),
    experiments=(
        Experiment("added_up", N_("one Dense unit"), MATCH, N_("Only the match counts")),
        Experiment("hidden", N_("16 hidden units"), _HIDDEN, N_("Only the match counts")),
        Experiment("product", N_("multiplied"), _PRODUCT, N_("Only the match counts")),
        Experiment("mixed", N_("multiplied"), _MIXED, N_("Own tweet counts too")),
    ),
    show="match",
    notice=(
        Notice(
            N_(
                "Concatenated and read by one Dense unit, head 1 never gets clearly below chance, which is {chance}: at its best epoch it "
                "has {added_up.head1.least}. More training cannot help."
            ),
            _adding_stays_at_chance,
        ),
        Notice(
            N_(
                "With 16 hidden units after the concatenation it reaches {hidden.head1.loss}; the best possible is {hidden.both}. The "
                "hidden layer can learn how the tweets go together."
            ),
            _a_hidden_layer_finds_the_match,
        ),
        Notice(
            N_(
                "Multiplying the encodings does it without a hidden layer: {product.head1.loss}. But both tweets went through the "
                "same LSTM, and a product does not tell whose tweet is whose: where a head must also follow its own tweet, it ends at "
                "{mixed.head1.loss}, and could not go below {mixed.symmetric} where {mixed.both} is possible."
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
            "Write a number for “tweet_a is high”, “tweet_a is low”, “tweet_b is high” and “tweet_b is low”, so that the sum for a "
            "pair is positive exactly if the two match. Can you?"
        ),
        N_(
            "It is impossible. The two matching pairs and the two others have the same total, so they cannot be all positive on one "
            "side and all negative on the other. (It is the XOR problem: Minsky and Papert, Perceptrons, 1969.)"
        ),
    ),
)
