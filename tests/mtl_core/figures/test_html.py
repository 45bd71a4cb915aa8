"""A file that is taken home cannot be turned against its reader, and loads nothing."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures import html as standalone

HOSTILE = st.text(alphabet="<>&\"'`/ab!-", max_size=30)


@given(HOSTILE)
def test_no_text_opens_a_tag(text):
    for made, tags in (
        (standalone.prose(text), {"p", "code"}),
        (standalone.table([{text: text}]), {"div", "table", "thead", "tbody", "tr", "th", "td", "code"}),
    ):
        assert set(re.findall(r"</?(\w+)", made)) <= tags
        assert "<!" not in made


@given(HOSTILE)
def test_no_figure_ends_its_own_script(text):
    made = standalone.chart({"data": [], "layout": {"title": text}}, alt=text)
    inside = made.partition('<script type="application/json">')[2].removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside)["wide"]["layout"]["title"] == text
    assert made.count("<script") == made.count("</script>") == 1


def test_a_table_has_every_column_that_any_row_has():
    made = standalone.table([{"a": 1}, {"b": 2.5}])
    assert re.findall(r"<th [^>]*>(.*?)</th>", made) == ["a", "b"]
    assert re.findall(r"<td>(.*?)</td>", made) == ["1", "", "", "2.5"]


def test_words_in_backticks_become_code():
    assert standalone.prose("What `a<b` does") == "<p>What <code>a&lt;b</code> does</p>"


def test_a_page_may_load_nothing():
    text = standalone.page("Title & more", "<p>Body</p>")
    assert "default-src 'none'" in text
    assert "<title>Title &amp; more</title>" in text
    assert text.rpartition("<main>")[2].startswith("\n<p>Body</p>")
