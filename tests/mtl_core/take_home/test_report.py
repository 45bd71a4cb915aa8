"""What is taken home holds what the screen showed, and needs nothing but a browser or a spreadsheet."""

import csv
import dataclasses
import html
import io
import json
import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from mtl_core.figures import figures, narrate
from mtl_core.graph import CallGraph
from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec
from mtl_core.take_home.program import script
from mtl_core.take_home.report import figure_html, history_csv, report
from tests.mtl_core.made_runs import bounds_for, paths_of, response_of, run_of

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>document.title="stolen"</script></svg>'


def report_of(spec: ExperimentSpec, **changes) -> str:
    run = run_of(spec, source="recorded", versions={"keras": "3.15.1", "engine": "1"})
    drawn = {"graph": CallGraph.from_spec(spec.model, spec.data).to_dot(), "graph_alt": "The graph in words."}
    given = {"other": run_of(spec.other_case), "response": response_of(spec), **drawn, **changes}
    return report(run, bounds=bounds_for(spec), graph_paths=paths_of(spec), **given)


def test_the_history_is_complete_and_exact():
    run = run_of(CASE1, (0.7, 0.123456789012345))
    rows = list(csv.DictReader(io.StringIO(history_csv(run, run_of(CASE2, (0.69,))))))
    assert [(row["merge"], row["epoch"]) for row in rows] == [("concatenate", "0"), ("concatenate", "1"), ("none", "0")]
    assert float(rows[1]["predictions2_test_loss"]) == 0.123456789012345
    assert float(rows[1]["predictions1_shuffling_tweet_b"]) == 0.1
    assert float(rows[2]["predictions1_shuffling_tweet_b"]) == 0
    assert float(rows[0]["predictions1_train_accuracy"]) == 0.9
    assert history_csv(Run(spec=CASE1)) == ""


def test_the_report_says_what_the_screen_says():
    text = report_of(CASE2, link="https://example.org/?m=none&u=16")
    assert narrate.headline(CASE2.model) in text
    assert "The only tie between the tasks is the shared LSTM" in text
    assert text.count("0: no path exists") >= 4  # the readings, and the response's curves
    assert "3.15.1" in text
    assert 'href="https://example.org/?m=none&amp;u=16"' in text
    assert "lstm_units" in text
    assert "recorded" in text
    assert narrate.response(response_of(CASE2), paths_of(CASE2)) in text
    assert "shared_lstm = keras.layers.LSTM(16, name=&quot;shared_lstm&quot;)" in text


def test_the_report_holds_the_whole_program():
    (program,) = re.findall(r"<pre>(# %%.*?)</pre>", report_of(CASE1), flags=re.S)
    assert html.unescape(program) == script(CASE1)


def test_without_a_response_the_report_tells_structure_only():
    text = report_of(CASE2, response=None)
    assert "no path" in text
    assert "≈ 0" not in text
    assert "fewer right" not in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_addresses_of_pages_become_links(link):
    assert "<a href" not in report_of(CASE1, link=link).rpartition("<main>")[2]


def test_texts_cannot_become_markup():
    run = dataclasses.replace(run_of(CASE1), versions={"keras": "</script><script>document.title='stolen'</script>"})
    text = report(
        run,
        bounds=bounds_for(CASE1),
        graph_paths=paths_of(CASE1),
        graph='digraph { "</pre><script>document.title=1</script>" }',
        graph_alt='"><script>document.title=2</script>',
    )
    assert "<script>document" not in text
    figure = figures.loss(run, None, bounds_for(CASE1), pinned=None, dark=False)
    figure["layout"]["title"] = "</script><script>document.title=3</script>"
    assert "<script>document" not in figure_html(figure, title="<script>document.title=4</script>", reading="x")


@pytest.fixture(scope="module")
def chromium():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chromium, text: str, folder, width: int) -> tuple[Page, list[str]]:
    """The file in a browser without a network, and everything that went wrong there."""
    path = folder / "file.html"
    path.write_text(text, encoding="utf-8")
    page = chromium.new_context(offline=True, viewport={"width": width, "height": 800}).new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None,
    )
    page.goto(path.as_uri())
    page.wait_for_selector(".chart .main-svg")
    return page, wrong


@pytest.mark.browser
@pytest.mark.parametrize(("width", "panels_below_each_other"), [(1200, False), (340, True)], ids=["wide", "phone"])
def test_the_report_opens_offline_with_live_figures(chromium, tmp_path, width, panels_below_each_other):
    page, wrong = opened(chromium, report_of(CASE1, graph=SVG), tmp_path, width)
    assert page.locator(".chart .main-svg").count() >= 3
    assert page.title() == "What does concatenate do? case 1: concatenated"  # a script in the drawing did not run
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    domains = page.evaluate("(d => [d.layout.xaxis.domain, d.layout.xaxis2.domain])(document.querySelector('.chart'))")
    assert (domains[0] == domains[1]) == panels_below_each_other
    assert wrong == []


@pytest.mark.browser
def test_a_figure_alone_opens_offline_and_answers_the_pointer(chromium, tmp_path):
    figure = figures.response(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), dark=False)
    page, wrong = opened(chromium, figure_html(figure, title="Response", reading="Words."), tmp_path, 1000)
    drawn = page.evaluate("document.querySelector('.chart').data.filter(t => t.name === 'tweet_b').map(t => t.y)")
    assert np.allclose(drawn, response_of(CASE1).loss[[0, 1], [1, 1]])
    page.evaluate("Plotly.Fx.hover(document.querySelector('.chart'), {xval: 0.5, yval: 0.75}, 'xy')")
    page.wait_for_selector(".hovertext")
    assert page.get_by_text("Words.").is_visible()
    assert json.loads(page.locator("script[type='application/json']").first.text_content())["wide"] == json.loads(
        json.dumps(figure)
    )
    assert wrong == []
