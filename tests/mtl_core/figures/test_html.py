"""A document shows what it is given and runs none of it."""

import html
import json
import re

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.figures.exhibit import Exhibit
from mtl_core.figures.html import render

HOSTILE = st.text(alphabet="<>&\"'`/ab!-{}%", min_size=1, max_size=200)


def exhibit_of(text: str) -> Exhibit:
    figure = {"data": [], "layout": {"title": text}}
    return Exhibit(text, lambda _colours: {text: figure}, text, lambda: [{text: text}])


def document(text: str) -> str:
    """The part of a figure's page that depends on a text."""
    made = render("figure.html", title=text, exhibit=exhibit_of(text))
    return made.partition("<title>")[2].partition("</title>")[0] + made.partition("<main>")[2].partition("</main>")[0]


@settings(max_examples=25)  # a document holds 5 MB of plotly.js
@given(HOSTILE)
def test_no_text_opens_a_tag_or_ends_a_script_and_all_words_arrive_as_they_were(text):
    made = document(text)
    assert set(re.findall(r"</?(\w+)", made)) <= {"h1", "div", "script", "p", "code"}
    assert "<!" not in made
    assert made.count("<script") == made.count("</script>") == 1
    inside = made.partition('<script type="application/json">')[2].partition("</script>")[0]
    assert json.loads(inside)["layout"]["title"] == text
    heading = made.partition("<h1>")[2].partition("</h1>")[0]
    assert html.unescape(re.sub(r"</?code>", "`", heading)) == text


def test_words_in_backticks_become_code():
    assert "<h1>What <code>a&lt;b</code> does</h1>" in document("What `a<b` does")


def test_a_page_may_load_nothing():
    text = render("figure.html", title="Title & more", exhibit=exhibit_of("x"))
    assert "default-src 'none'" in text
    assert "<title>Title &amp; more</title>" in text


def test_a_value_that_was_forgotten_is_an_error_and_no_gap():
    with pytest.raises(jinja2.UndefinedError):
        render("figure.html", title="Title")
