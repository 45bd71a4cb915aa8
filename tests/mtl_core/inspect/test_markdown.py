"""Whatever a layer is called, a page shows its name letter by letter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mtl_core.graph.config.untrusted import shown
from mtl_core.inspect.markdown import code, plain, table

MARKDOWN = MarkdownIt("commonmark").enable("table")
NASTY = [
    "<img src=x onerror=alert(1)>",
    "![](http://example.com/pixel.png)",
    "**bold**",
    "`code`",
    "``",
    "a|b",
    "[link](http://example.com)",
    "$x^2$",
    ":red[text]",
    "# heading",
    "&lt;b&gt;",
    "\\`",
]
READ_IN_TEXT = [
    "http://evil.example/x?y=`z`",
    "HTTPS://evil.example",
    "xhttp://evil.example",
    "www.evil.example",
    "www.http://www.evil.example",
    "me.too+@evil.example",
    "http://a”www.evil.example",
    ":material_home:",
    "::streamlit:x:",
    ":+1:",
]
"""What a page makes a link or an image wherever it stands in a text, its marks escaped or not."""

MADE_OF_TEXT = re.compile(r"https?://|www\.|\w@\w|:[\w+-]+:", re.IGNORECASE)


def leaves(text):
    """Kind and content of each piece of a paragraph."""
    (paragraph,) = (token for token in MARKDOWN.parse(text) if token.type == "inline")
    return [(token.type, token.content) for token in paragraph.children]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_full_of_markup_is_one_code_span_with_exactly_that_text(name):
    assert leaves(f"Head {code(name)} reads it.")[1] == ("code_inline", name)


@given(st.text())
def test_any_name_at_all_is_one_code_span(name):
    expected = shown(name).strip()
    pieces = leaves(f"Head {code(name)} reads it.")
    assert pieces == [("text", "Head "), ("code_inline", expected), ("text", " reads it.")] or not expected


@pytest.mark.parametrize("name", [*NASTY, *READ_IN_TEXT])
def test_a_sentence_that_quotes_a_file_holds_no_markup(name):
    pieces = leaves(plain(f"There is no “{name}”."))
    assert {kind for kind, _content in pieces} <= {"text", "text_special", "code_inline"}
    assert "".join(content for _kind, content in pieces) == f"There is no “{name}”."


@given(st.lists(st.sampled_from([*NASTY, *READ_IN_TEXT, " ", "“", "”", "`", "w", ":", "/", "@", "."])).map("".join))
def test_what_a_page_would_make_a_link_or_an_image_stands_as_code(text):
    for piece in re.split(
        r"\x00+", "".join(c if kind != "code_inline" else "\0" for kind, c in leaves("_" + plain(text)))
    ):
        assert not MADE_OF_TEXT.search(piece)


@pytest.mark.parametrize("name", NASTY[2:6])
def test_other_marks_stay_text(name):
    assert "code_inline" not in {kind for kind, _content in leaves(plain(f"There is no “{name}”."))}


@pytest.mark.parametrize("name", NASTY)
def test_a_name_with_a_bar_does_not_open_another_column(name):
    html = MARKDOWN.render(table(["head", code(name)], [[code(name), "may depend"]]))
    assert html.count("<th>") == html.count("<td>") == 2
