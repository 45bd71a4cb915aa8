"""The two tweets to try: sentences whose words can be picked or typed, and tweet_b's slider from no to yes.

A tweet is held as `ViewSpec` holds it, a character a word, so that it is in the link. In a world of numbers a tweet has no
words, and its evidence is held. All of it is changed by callbacks only.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from mtl_core.data import (
    LEVELS,
    LEXICON,
    SUBSTITUTES,
    coded,
    decoded,
    evidence,
    one_hot,
    random_tweets,
    read,
    spelling,
    tokens_of,
    tweets_with_evidence,
)
from mtl_core.figures import names
from mtl_core.figures.answers import in_hundred
from mtl_core.figures.numbers import setting
from mtl_core.forward import Network, shortest_edit
from mtl_core.language import _
from mtl_core.palette import theme
from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, Float32, Float64, ViewSpec
from pages.components.shell import chart, state
from pages.components.shell.payload import payload

__all__ = ["arrays", "evidences", "ladder", "levels", "show"]

_HERE = Path(__file__).parent
_KEY = "pair"
_SEED = 7
"""Of the sentence that the slider writes: "hmm i dislike this game what a dull game sigh" and the like."""

_FURTHEST = 3.0
"""Standard deviations: the ends of the slider where tweets are numbers."""
_NUMBER_LEVELS = np.linspace(-_FURTHEST, _FURTHEST, len(LEVELS))
_NUMBER_LEVELS.flags.writeable = False

_EDITOR = st.components.v2.component(
    "tweets",
    html='<div class="tweets"></div>\n',
    css=(_HERE / "tweets.css").read_text(encoding="utf-8"),
    js=(_HERE / "tweets.js").read_text(encoding="utf-8"),
)


def arrays(data: DataSpec, view: ViewSpec) -> tuple[Float32, Float32]:
    """The two tweets (T, D) that a network reads."""
    if data.tweets == "words":
        return one_hot(decoded(view.tweet_a)), one_hot(decoded(view.tweet_b))
    return tweets_with_evidence(data, "a", [view.own])[0], tweets_with_evidence(data, "b", [view.other])[0]


def evidences(data: DataSpec, view: ViewSpec) -> tuple[float, float]:
    """What the two tweets know, in standard deviations."""
    if data.tweets == "words":
        return _evidence(view.tweet_a), _evidence(view.tweet_b)
    return view.own, view.other


def levels(data: DataSpec) -> Float64:
    """The evidence of tweet_b along its slider, from the clearest no to the clearest yes (17,); standard deviations."""
    return LEVELS if data.tweets == "words" else _NUMBER_LEVELS


def ladder(data: DataSpec) -> Float32:
    """The tweets (17, T, D) along tweet_b's slider."""
    return tweets_with_evidence(data, "b", levels(data), _SEED if data.tweets == "words" else 0)


def show(data: DataSpec, view: ViewSpec, network: Network | None) -> None:
    """The editor.

    Parameters
    ----------
    data : DataSpec
    view : ViewSpec
    network : Network or None
        The case on screen, if it was trained: for the word that would turn head 1.
    """
    colours = theme(chart.dark())
    words = data.tweets == "words"
    _EDITOR(
        key=_KEY,
        data=payload(
            {
                "tweets": [_tweet(data, view, name) for name in INPUTS],
                "line": dict(colours.line),
                "slider": {
                    "label": _("tweet_b says"),
                    "low": _("no"),
                    "high": _("yes"),
                    "most": len(LEVELS) - 1,
                    "value": int(np.abs(levels(data) - evidences(data, view)[1]).argmin()),
                },
                "labels": {
                    "type": "✎",
                    "typing": _("Type {name} freely"),
                    "surprise": _("Surprise me"),
                    "turn": _("Flip head 1") if words and network else "",
                    "word": _("{name}, word {n}"),
                },
                "note": st.session_state.get("tweets_note", ""),
                "stamp": st.session_state.get("tweets_stamp", 0),
            }
        ),
        on_act_change=lambda: _act(data, view, network),
    )


def _tweet(data: DataSpec, view: ViewSpec, name: str) -> dict[str, Any]:
    if data.tweets == "numbers":
        told = _("{t} × {d} numbers, evidence {sd}")
        evidence = evidences(data, view)[INPUTS.index(name)]
        return {"name": name, "told": told.format(t=data.timesteps, d=data.features, sd=setting(evidence)), "words": []}
    tokens = decoded(getattr(view, name))
    return {"name": name, "told": "", "words": [_word(token, view.language) for token in tokens]}


@functools.cache
def _word(token: int, language: str) -> dict[str, Any]:
    """A word, and those that can stand in its place, from no to yes."""
    others = sorted((token, *SUBSTITUTES[token]), key=lambda each: (LEXICON[each].valence, each))
    return {
        "token": token,
        "text": spelling(token, language),
        "others": [[each, spelling(each, language)] for each in others] if len(others) > 1 else [],
    }


def _act(data: DataSpec, view: ViewSpec, network: Network | None) -> None:
    """Take what the visitor did, which a browser may send in any shape."""
    act = st.session_state[_KEY].act
    if not isinstance(act, Mapping):
        return
    st.session_state.tweets_note = ""
    stamp = act.get("stamp")
    st.session_state.tweets_stamp = stamp if isinstance(stamp, int) else 0
    name, value = act.get("tweet"), act.get("value")
    match act.get("kind"):
        case "slide" if isinstance(value, int) and 0 <= value < len(LEVELS):
            _slide(data, value)
        case "pick" if name in INPUTS and data.tweets == "words":
            _pick(view, str(name), act.get("place"), value)
        case "type" if name in INPUTS and data.tweets == "words" and isinstance(value, str):
            _take(str(name), value[:500], view.language)
        case "surprise":
            _surprise(data)
        case "turn" if network is not None and data.tweets == "words":
            _turn(view, network)
    state.write_link()  # the block that shows the tweets is drawn anew by itself, without the rest of the page


def _slide(data: DataSpec, level: int) -> None:
    if data.tweets == "words":
        st.session_state.tweet_b = coded([token for token in tokens_of(ladder(data)[level]) if token >= 0])
    else:
        st.session_state.other = float(levels(data)[level])


def _pick(view: ViewSpec, name: str, place: Any, token: Any) -> None:
    tokens = list(decoded(getattr(view, name)))
    if isinstance(place, int) and 0 <= place < len(tokens) and token in SUBSTITUTES[tokens[place]]:
        tokens[place] = token
        st.session_state[name] = coded(tokens)


def _take(name: str, text: str, language: str) -> None:
    """Take a text word by word, and say what was left out."""
    reading = read(text, language)
    st.session_state[name] = coded(reading.tokens)
    notes = []
    if reading.unknown:
        unknown = ", ".join(f"“{word[:20]}”" for word in reading.unknown[:6])
        notes.append(_("Left out, because the models never met them: {words}.").format(words=unknown))
    if reading.dropped:
        notes.append(_("A tweet has at most 12 words; left out: {words}.").format(words=", ".join(reading.dropped)))
    st.session_state.tweets_note = " ".join(notes)


def _surprise(data: DataSpec) -> None:
    if data.tweets == "words":
        for name, tweet in zip(INPUTS, random_tweets(2, random.getrandbits(31)), strict=True):
            st.session_state[name] = coded([token for token in tokens_of(tweet) if token >= 0])
    else:
        for name in ("own", "other"):
            st.session_state[name] = round(min(max(random.gauss(0, 1), -_FURTHEST), _FURTHEST), 1)


def _turn(view: ViewSpec, network: Network) -> None:
    """Change the one word that turns head 1, and say which it was."""
    a, b = one_hot(decoded(view.tweet_a)), one_hot(decoded(view.tweet_b))
    edit = shortest_edit(
        network,
        a,
        b,
        head=OUTPUTS[0],
        substitutes=SUBSTITUTES,
        distance=lambda old, new: abs(LEXICON[old].valence - LEXICON[new].valence),
    )
    if edit is None:
        st.session_state.tweets_note = _("No single word flips head 1.")
        return
    tokens = list(decoded(getattr(view, edit.tweet)))
    tokens[edit.position - (len(a) - len(tokens))] = edit.new
    st.session_state[edit.tweet] = coded(tokens)
    st.session_state.tweets_note = _(
        "{tweet}: “{old}” became “{new}”, and {head} went from {before} to {after}."
    ).format(
        tweet=edit.tweet,
        old=spelling(edit.old, view.language),
        new=spelling(edit.new, view.language),
        head=names.head(OUTPUTS[0]),
        before=in_hundred(edit.before),
        after=in_hundred(edit.after),
    )


@functools.lru_cache(maxsize=1024)
def _evidence(code: str) -> float:
    return evidence(" ".join(spelling(token) for token in decoded(code)))
