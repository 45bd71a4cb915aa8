"""Paper has everything to print, and gives no answer away to learners."""

import base64
import functools
import html
import re
from html.parser import HTMLParser

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.draw import svg
from mtl_core.inspect.examples import load_example
from mtl_core.lessons.handout import PAPERS, handout, packet
from mtl_core.lessons.walkthrough import STEPS
from tests.browser.visit import chromium


def address(step):
    return f"https://example.org/walkthrough?step={STEPS.index(step) + 1}&a=0"


LATER = "https://example.org/quiz?when=later"


def words(document):
    """A document's texts as a reader has them; code in backticks, as in the steps."""
    return html.unescape(re.sub(r"</?code>", "`", document))


def sheets(document):
    """The first and the second sheet of a handout."""
    first, second = document.split('<section class="answers">')
    return words(first), words(second)


def on_paper(text):
    """A text without its links, which lead nowhere on paper."""
    return re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text)


@pytest.fixture
def without_graphviz(monkeypatch):
    monkeypatch.setattr(svg, "svg", lambda _dot: "")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_the_first_sheet_asks_and_the_second_answers(step, without_graphviz):
    first, second = sheets(handout(step, address=address(step)))
    for question in step.questions:
        for choice in question.choices:
            assert choice.text in first
            assert on_paper(choice.why) not in first
            assert on_paper(choice.why) in second
    assert all(cell in first for row in step.table for cell in row)
    assert "](" not in first + second
    assert step.handout.task in first
    assert step.handout.solution not in first
    assert step.handout.solution in second


def test_nothing_is_loaded_from_elsewhere(without_graphviz):
    document = handout(STEPS[0], address=address(STEPS[0]))
    tags = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.feed(document)
    sources = [attributes["src"] for _tag, attributes in tags if "src" in attributes]
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert not [tag for tag, attributes in tags if "href" in attributes or tag == "script"]
    assert document.count("<html") == 1


def test_the_address_is_escaped_and_has_its_code(without_graphviz):
    document = handout(STEPS[0], address="https://example.org/?step=1&a=0")
    assert "step=1&amp;a=0" in document
    assert "QR code of https://example.org/?step=1&amp;a=0" in document


@pytest.mark.parametrize("paper", PAPERS)
def test_a_packet_has_every_step_with_letters_a_code_and_a_line_for_the_name(paper, without_graphviz):
    document = packet(STEPS, address=address, later=LATER, solutions=False, paper=paper)
    assert f"size: {paper}" in document
    assert document.count('<section class="sheet">') == len(STEPS) == document.count('<p class="name">')
    assert "list-style: upper-alpha" in document
    text = words(document)
    for step in STEPS:
        assert f"QR code of {address(step)}" in text
        assert step.handout.solution not in text
        assert all(on_paper(choice.why) not in text for question in step.questions for choice in question.choices)
    assert f"QR code of {LATER}" in text


def test_the_teachers_copy_has_every_solution_and_no_line_for_a_name(without_graphviz):
    text = words(packet(STEPS, address=address, later=LATER, solutions=True))
    assert '<p class="name">' not in text
    for step in STEPS:
        assert step.handout.solution in text
        assert all(on_paper(choice.why) in text for question in step.questions for choice in question.choices)
        assert step.teacher.timing in text


def test_the_table_of_the_last_step_is_empty_for_learners_and_holds_the_graphs_answer_for_the_teacher(without_graphviz):
    step = STEPS[-1]
    empty, full = sheets(handout(step))
    marks = list(re.findall(r"<td>(.?)</td>", full))
    wanted = []
    for question in step.questions:
        graph = CallGraph.from_json(load_example(question.example))
        wanted += ["×" if graph.reaches(name, head) else "–" for head in graph.outputs for name in graph.inputs]
    assert [mark for mark in marks if mark] == wanted
    assert set(re.findall(r"<td>(.?)</td>", empty)) == {""}


def test_without_graphviz_the_arrows_are_told_in_words(without_graphviz):
    first, _second = sheets(handout(STEPS[0]))
    assert "Arrows: tweet_a → shared_lstm" in first


@pytest.mark.skipif(not svg.svg("digraph {a -> b}"), reason="Graphviz is not installed")
def test_a_learners_drawing_names_the_calls_and_not_what_a_head_reads():
    first, second = handout(STEPS[0]).split('<section class="answers">')
    drawings = [base64.b64decode(data).decode() for data in re.findall(r"svg\+xml;base64,([^\"]+)", first)]
    assert len(drawings) == len(STEPS[0].pictures)
    assert all("shared_lstm, call 2" in drawing and "reads" not in drawing for drawing in drawings)
    assert any("reads" in base64.b64decode(data).decode() for data in re.findall(r"svg\+xml;base64,([^\"]+)", second))


@pytest.mark.browser
@pytest.mark.skipif(not svg.svg("digraph {a -> b}"), reason="Graphviz is not installed")
def test_a_step_is_one_page_the_last_one_two_and_no_line_is_left_over_for_a_page_of_its_own():
    drawn = functools.cache(svg.as_image)  # all packets have the same drawings
    with chromium() as windows, windows.newcomer() as page:
        for paper in PAPERS:
            for solutions in (False, True):
                document = packet(STEPS, address=address, later=LATER, solutions=solutions, paper=paper, image=drawn)
                page.set_content(document)
                pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
                assert pages == 1 + len(STEPS) + 1, (paper, solutions)
