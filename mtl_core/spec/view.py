"""What the visitor is looking at: the other half of a link, which changes no run's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from mtl_core.language import N_
from mtl_core.spec.fields import VERSION, Checked, choice, former_defaults, read_fields, row, write_fields

__all__ = ["INSPECTED", "ROOM_LETTERS", "WORD_CODES", "ViewSpec"]

INSPECTED = (
    *("case1", "case2", "three_heads", "image_text", "siamese", "tickets", "experts", "unet"),
    *("program_case1", "program_case2", "program_edit", "own"),
)
"""What can be inspected: the examples by name, in their order, and the visitor's own model. A test holds the examples to it."""

WORD_CODES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""How a link writes the words of a tweet: a character each, at the place of the word's id; so it is the same in every language."""

ROOM_LETTERS = "BCDFGHJKMNPQRTVWXZ"
"""What the code of a room is made of: no vowels, so no words; and no letter that looks like another one or like a digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSpec(Checked):
    """What the visitor is looking at; none of it changes a run's numbers.

    Parameters
    ----------
    epoch : int
        Pinned epoch; -1 follows the newest one.
    head : {"both", "predictions1", "predictions2"}
        Whose readers the graph lights up.
    drawing : {"calls", "cases", "training", "layers", "code"}
        One box a call; both cases side by side; what each loss changes; what plot_model draws; the program.
    tweet_a, tweet_b : str
        The words of the two tweets to try, each a character of `WORD_CODES`; at most twelve.
    chart : {"learning", "disturb", "what_if", "words", "pulls"}
        The one chart on the playground.
    nats : bool
        Show losses, intervals and bounds in nats, too.
    perturbation : {"permute", "noise", "fade"}
        How the response disturbs an input.
    what_if_head : {"predictions1", "predictions2"}
        The head the what-if asks.
    own, other : float
        Evidence of the what-if tweets, in standard deviations, -3..3.
    scale : float
        What the head's kernel block for the other tweet is multiplied by in the walkthrough, 0..1.
    inspected : str
        Name of the example that is inspected; "own" is the visitor's own model, which never is in a link.
    step : int
        Walkthrough step, counted from 1.
    answers : str
        One character a walkthrough question: the choice committed to first, or "-"; then as many for a further try.
    moment : {"before", "after", "later"}
        When the test of learning is taken: before the lesson, after it, in a week.
    order : {"any", "ab", "ba"}
        Which form of the test comes before the lesson and which after it; "any" until one is drawn.
    replies : str
        One character an item of the test, all moments one after another: the choice, or "-".
    presenter, hide_answers : bool
        Large type without a sidebar; do not show which choice is right.
    room : str
        Code of the class that is followed; empty outside one.
    language : {"en", "qps"}
        "qps" is the pseudo-locale that finds untranslated and cut-off text.
    """

    epoch: int = row(N_("Epoch shown"), -1, "at", "int", -1, 200)
    head: str = choice(N_("Light up what reaches"), "both", "head", "both", "predictions1", "predictions2")
    drawing: str = choice(N_("Drawing"), "calls", "draw", "calls", "cases", "training", "layers", "code")
    tweet_a: str = row(N_("Words of tweet_a"), "ErMxg-0Ugc", "ta", "text", 0, 12, *WORD_CODES)
    tweet_b: str = row(N_("Words of tweet_b"), "CrKxi-0Tia", "tb", "text", 0, 12, *WORD_CODES)
    chart: str = choice(N_("Chart"), "learning", "fig", "learning", "disturb", "what_if", "words", "pulls")
    nats: bool = row(N_("Losses"), False, "nats", "flag")
    perturbation: str = choice(N_("Disturb a tweet by"), "permute", "p", "permute", "noise", "fade")
    what_if_head: str = choice(N_("Ask"), "predictions1", "wh", "predictions1", "predictions2")
    own: float = row(N_("Evidence in its own tweet"), 0.5, "own", "float", -3, 3)
    other: float = row(N_("Evidence in the other tweet"), -1.0, "oth", "float", -3, 3)
    scale: float = row(N_("Multiply the weights for the other tweet by"), 1.0, "sc", "float", 0, 1)
    inspected: str = choice(N_("Model to inspect"), "case2", "insp", *INSPECTED)
    step: int = row(N_("Step"), 1, "step", "int", 1, 12)
    answers: str = row(N_("Your predictions"), "", "a", "text", 0, 24, *"-012345")
    moment: str = choice(N_("When"), "before", "when", "before", "after", "later")
    order: str = choice(N_("Order of the forms"), "any", "ord", "any", "ab", "ba")
    replies: str = row(N_("Your answers in the test"), "", "rep", "text", 0, 21, *"-0123")
    presenter: bool = row(N_("Presenter mode"), False, "pres", "flag")
    hide_answers: bool = row(N_("Hide the answers"), False, "hide", "flag")
    room: str = row(N_("Room"), "", "room", "text", 0, 5, *ROOM_LETTERS)
    language: str = choice(N_("Language"), "en", "lang", "en", "qps")

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, by short key; `from_query` is its inverse."""
        return {"v": str(VERSION)} | write_fields(self)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The view a link names, and a sentence for every value that was not taken as written. Never raises."""
        values, notes = read_fields(cls, query, former_defaults(query)[0])
        return cls(**values), notes
