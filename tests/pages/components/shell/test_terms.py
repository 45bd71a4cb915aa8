"""Every term of a page leads to its place in Words."""

import re

import pytest

from mtl_core.lessons.glossary import GLOSSARY
from pages.components.shell.terms import FORMS, linked
from tests.pages.made_jobs import SPEC, finished
from tests.pages.reading import shown, written


def test_a_term_is_linked_where_it_first_stands_and_no_more():
    assert linked("Loss by loss, as losses fall.") == "[Loss](glossary#loss) by loss, as losses fall."


def test_code_and_links_stay_what_they_are():
    assert linked("`loss = 1`, [a head](x), `concatenate`") == (
        "`loss = 1`, [a head](x), [`concatenate`](glossary#concatenate)"
    )


def test_a_name_from_a_file_is_no_term_however_it_is_fenced():
    assert linked("`` a`head ``, `head` and head") == "`` a`head ``, `head` and [head](glossary#head)"


def test_a_longer_word_is_no_term():
    assert linked("ahead of glossary") == "ahead of glossary"


def test_every_term_that_is_linked_has_its_place_in_words(visit):
    places = {header.proto.anchor for header in visit("pages/glossary.py").header}
    assert FORMS.keys() <= GLOSSARY.keys() == places


@pytest.mark.parametrize("nats", ["0", "1"])
@pytest.mark.parametrize("chart", ["learning", "disturb", "what_if", "pulls"])
def test_every_term_on_the_playground_leads_to_words(visit, made, chart, nats):
    made.known[SPEC], made.known[SPEC.other_case] = finished(SPEC), finished(SPEC.other_case)
    at = visit(fig=chart, nats=nats)
    linked_keys = set(re.findall(r"\]\(glossary#(\w+)\)", written(at)))
    words = shown(at)
    used = {key for key, forms in FORMS.items() if re.search(rf"(?<!\w)({forms})(?!\w)", words, re.IGNORECASE)}
    assert {"multi_task", "concatenate", "head", "encoder"} <= linked_keys
    assert used <= linked_keys
