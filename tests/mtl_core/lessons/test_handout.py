"""A handout has everything to print and gives no answer away on its first page."""

import html
from html.parser import HTMLParser

import pytest

from mtl_core.lessons.handout import handout
from mtl_core.lessons.walkthrough import STEPS


def pages(step):
    document = handout(step, address="https://example.org/walkthrough?step=1&a=0")
    first, second = document.split('<section class="answers">')
    return html.unescape(first).replace("<code>", "`").replace("</code>", "`"), html.unescape(second).replace(
        "<code>", "`"
    ).replace("</code>", "`")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_the_first_page_asks_and_the_second_answers(step):
    first, second = pages(step)
    for question in step.questions:
        for choice in question.choices:
            assert choice.text in first
            assert choice.why not in first
            assert choice.why in second
    assert step.handout.task in first
    assert step.handout.solution not in first
    assert step.handout.solution in second


def test_it_is_one_document_without_anything_to_load():
    document = handout(STEPS[0])
    tags = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.feed(document)
    assert not [tag for tag, attributes in tags if {"src", "href"} & set(attributes)]
    assert document.count("<html") == 1


def test_the_address_is_escaped():
    assert "step=1&amp;a=0" in handout(STEPS[0], address="https://example.org/?step=1&a=0")
