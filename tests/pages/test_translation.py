"""In the pseudo-locale every sentence is in ⟦brackets⟧; what is not has escaped translation."""

import re

import pytest

from mtl_core import language as words
from mtl_core.lessons.walkthrough import STEPS

PAGES = [
    "playground",
    "walkthrough",
    "quiz",
    "sharing",
    "compare",
    "inspect_model",
    "questions",
    "teachers",
    "glossary",
]
NAMES = r"tweet_[ab]|predictions[12]|shared_lstm|merged_vector|lstm_[ab]|hidden[12]|concatenate|multiply|add|none"
KINDS = (
    "title", "header", "subheader", "markdown", "caption", "warning", "info", "error", "button", "toggle", "slider", "select_slider",
    "selectbox", "number_input", "segmented_control", "button_group", "multiselect", "radio", "expander", "text_input", "text_area",
)  # fmt: skip


def texts(at):
    """All that a person reads or hears on a page: values, labels, helps, options."""
    for kind in KINDS:
        for element in at.get(kind):
            for field in ("value", "label", "help"):
                text = getattr(element, field, None)
                if isinstance(text, str) and (field != "value" or kind in KINDS[:8]):
                    yield f"{kind} {field}", text
            for option in getattr(element, "options", ()) or ():
                yield f"{kind} option", str(getattr(option, "content", option))


def escaped(text):
    """What is left of a text without its translated parts, code, links, names and numbers."""
    text = re.sub(r"`[^`]*`|https?://\S+|\$[^$]*\$", " ", text)
    while "⟦" in text and (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = shorter
    text = re.sub(rf":[\w-]+\[|\b(?:{NAMES}|rmsprop|adam|sgd)\b|\be-\d+\b", " ", text)
    return re.findall(r"[^\W\d_]{3,}", text)


@pytest.fixture(autouse=True)
def pseudo_locale(monkeypatch):
    """Everywhere, not only in the session: the test asks widgets for their options too."""
    monkeypatch.setattr(words, "_catalogue", lambda _language: words.Pseudo())


def strays(at):
    assert not at.exception
    return [(where, text[:90], found) for where, text in texts(at) if (found := escaped(text))]


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_of_a_page_escapes_translation(visit, page):
    assert strays(visit("" if page == "playground" else f"pages/{page}.py", u="9999")) == []


@pytest.mark.parametrize("draw", ["cases", "layers", "code"])
def test_no_sentence_about_a_drawing_escapes_translation(visit, draw):
    assert strays(visit(draw=draw, m="none")) == []


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_no_sentence_of_a_lesson_escapes_translation(visit, step):
    assert strays(visit("pages/walkthrough.py", step=str(step), a="0" * 12)) == []
