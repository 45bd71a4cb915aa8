"""A second language is a file; the pseudo-locale shows what escaped without breaking what must stay."""

import re
import string
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core import language as words
from mtl_core.language import N_, _, language_from, ngettext


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    language_from(lambda: "en")
    words._catalogue.cache_clear()


def speak(language):
    language_from(lambda: language)


def test_english_is_what_the_code_says():
    assert _("Train") == "Train"
    assert N_("Train") == "Train"
    assert ngettext("one epoch", "many epochs", 1) == "one epoch"
    assert ngettext("one epoch", "many epochs", 2) == "many epochs"


def test_no_words_stay_no_words():
    assert _("") == ""
    speak("qps")
    assert _("") == ""


def test_a_language_without_a_file_falls_back_to_english():
    speak("tlh")
    assert _("Train") == "Train"


def test_who_is_served_is_asked_at_every_message():
    visitors = iter(["en", "qps", "en"])
    language_from(lambda: next(visitors))
    assert [_("abc") == "abc" for _visit in range(3)] == [True, False, True]


SENTENCES = st.text(string.ascii_letters + " .,", min_size=1, max_size=40)


@given(st.lists(SENTENCES, min_size=2, max_size=4), st.sampled_from(["{loss:.2f}", "{head}", "{0}"]))
def test_the_pseudo_locale_keeps_placeholders(sentences, placeholder):
    speak("qps")
    message = placeholder.join(sentences)
    shown = _(message)
    fields = [(name, spec) for _text, name, spec, _conversion in string.Formatter().parse(shown) if name is not None]
    expected = [
        (name, spec) for _text, name, spec, _conversion in string.Formatter().parse(message) if name is not None
    ]
    assert fields == expected
    shown.format(0.5, loss=0.5, head="head")


@pytest.mark.parametrize(
    "kept",
    [
        "](https://keras.io/api/layers/merging_layers/concatenate/)",
        "`concatenate`",
        "<br>",
        "https://keras.io/api",
        ":material/share:",
        ":blue[",
        "%(name)s",
        "{loss:.3g}",
    ],
)
def test_the_pseudo_locale_keeps_links_code_and_markup(kept):
    speak("qps")
    assert kept in _(f"before [a link {kept} after")


def test_a_link_to_words_leads_there_in_the_visitor_s_language_and_is_none_on_paper():
    message = "A [head](glossary#head) reads [its tweet](glossary#input)."
    assert _(message) == message
    speak("tlh")
    assert _(message) == "A [head](glossary?lang=tlh#head) reads [its tweet](glossary?lang=tlh#input)."
    assert words.unlinked(_(message)) == "A head reads its tweet."


def test_a_markdown_link_stays_a_link():
    speak("qps")
    shown = _("See [the page on merging](https://keras.io/api/layers/merging_layers/) for more.")
    assert re.search(r"\[[^]]+\]\(https://keras\.io/api/layers/merging_layers/\)", shown)


def test_the_pseudo_locale_shows_itself_and_is_longer():
    speak("qps")
    shown = _("The other tweet is worth this much.")
    assert shown[0] == "⟦"
    assert shown[-1] == "⟧"
    assert len(shown) >= 1.4 * len("The other tweet is worth this much.")
    assert "other" not in shown
    assert ngettext("one", "many", 2) == _("many")


def test_a_second_language_is_one_file(tmp_path, monkeypatch):
    """The file is a GNU .mo: a header, two tables of lengths and offsets, then the strings."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", "Train": "Trainieren"}.items())
    texts = [[text.encode() + b"\0" for text in column] for column in zip(*entries, strict=True)]
    n = len(entries)
    offset, tables = 28 + 16 * n, b""
    for column in texts:
        for text in column:
            tables += struct.pack("<II", len(text) - 1, offset)
            offset += len(text)
    header = struct.pack("<7I", 0x950412DE, 0, n, 28, 28 + 8 * n, 0, 28 + 16 * n)
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "mtl.mo").write_bytes(header + tables + b"".join(texts[0] + texts[1]))
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    speak("de")
    assert _("Train") == "Trainieren"
    assert _("Stop") == "Stop"
