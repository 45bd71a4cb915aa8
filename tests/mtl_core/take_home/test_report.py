"""What is taken home holds what the screen showed, and needs nothing but a browser or a spreadsheet."""

import base64
import csv
import dataclasses
import html
import io
import json
import re

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from mtl_core.figures import answer, dependence, loss, reliance, response
from mtl_core.figures.exhibit import Exhibit
from mtl_core.figures.numbers import number
from mtl_core.graph import CallGraph
from mtl_core.palette import LIGHT
from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec, knobs
from mtl_core.take_home.program import script
from mtl_core.take_home.report import figure_html, history_csv, report
from tests.browser.visit import program
from tests.mtl_core.made_runs import bounds_for, paths_of, response_of, run_of, with_pulls

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>document.title="stolen"</script></svg>'


def exhibits_of(spec: ExperimentSpec, run: Run, response=None) -> list[Exhibit]:
    bounds, paths = bounds_for(spec), paths_of(spec)
    shown = [
        dependence.exhibit(run, paths, bounds, response, epoch=3),
        loss.exhibit(run, run_of(spec.other_case), bounds),
        reliance.exhibit(run),
    ]
    return shown if response is None else [*shown, response_exhibit(spec)]


def response_exhibit(spec: ExperimentSpec) -> Exhibit:
    return response.exhibit(response_of(spec), paths_of(spec), bounds_for(spec))


def report_of(spec: ExperimentSpec, measured=True, image="", **changes) -> str:
    run = run_of(spec, source="recorded", kept=(3,), versions={"keras": "3.15.1", "engine": "1"})
    exhibits = exhibits_of(spec, run, response_of(spec) if measured else None)
    dot = CallGraph.from_spec(spec.model, spec.data).to_dot()
    return report(run, exhibits, image=image, dot=dot, **({"graph_alt": "The graph in words."} | changes))


def test_the_history_is_complete_and_exact():
    run = run_of(CASE1, (0.7, 0.123456789012345))
    rows = list(csv.DictReader(io.StringIO(history_csv(run, run_of(CASE2, (0.69,))))))
    assert [(row["merge"], row["epoch"]) for row in rows] == [("concatenate", "0"), ("concatenate", "1"), ("none", "0")]
    assert float(rows[1]["predictions2_test_loss"]) == 0.123456789012345
    assert float(rows[1]["predictions1_shuffling_tweet_b"]) == 0.1
    assert float(rows[2]["predictions1_shuffling_tweet_b"]) == 0
    assert float(rows[0]["predictions1_train_accuracy"]) == 0.9
    assert history_csv(Run(spec=CASE1)) == ""


def test_each_row_of_the_numbers_says_by_itself_which_experiment_it_is_of():
    spec = CASE1.replace(seed=17, learning_rate=0.01, loss_weights=(1.0, 0.5))
    for row in csv.DictReader(io.StringIO(history_csv(run_of(spec, (0.7, 0.6))))):
        values = {
            knob.key: row[name] for part in (spec.model, spec.data, spec.train) for name, knob in knobs(part).items()
        }
        assert ExperimentSpec.from_query(values) == (spec, [])


def test_the_numbers_have_both_tasks_pulls_at_each_shared_weight_of_any_of_the_runs():
    shared, separate = with_pulls(run_of(CASE1)), with_pulls(run_of(CASE1.replace(encoder="separate")))
    untied = run_of(CASE1.replace(encoder="separate", merge="none"))
    rows = list(csv.DictReader(io.StringIO(history_csv(shared, separate, untied))))
    pull = shared.epochs[1].gradients["shared_lstm", "recurrent_kernel"]
    name = "shared_lstm_recurrent_kernel"
    assert float(rows[1][f"{name}_predictions1_gradient_norm"]) == pull.norm1
    assert float(rows[1][f"{name}_predictions2_gradient_norm"]) == pull.norm2
    assert float(rows[1][f"{name}_gradient_cosine"]) == pull.cosine
    assert float(rows[1][f"{name}_predictions1_change_cosine"]) == pull.applied1
    assert float(rows[1][f"{name}_predictions2_change_cosine"]) == pull.applied2
    assert rows[0][f"{name}_predictions1_change_cosine"] == "", "before the first update nothing was changed"
    assert float(rows[5]["lstm_b_bias_gradient_cosine"]) == separate.epochs[1].gradients["lstm_b", "bias"].cosine
    assert rows[5][f"{name}_gradient_cosine"] == rows[1]["lstm_b_bias_gradient_cosine"] == ""
    assert {value for column, value in rows[-1].items() if "gradient" in column} == {""}
    assert rows[-1]["encoder"] == "separate", "settings stay in their columns"


@pytest.mark.parametrize("spec", [CASE1, CASE2], ids=["case 1", "case 2"])
def test_the_report_says_what_the_screen_says(spec):
    text = html.unescape(report_of(spec, link="https://example.org/?m=none&u=16"))
    for exhibit in exhibits_of(spec, run_of(spec, source="recorded", kept=(3,)), response_of(spec)):
        assert f"<h2>{exhibit.heading}</h2>" in text
        assert f"<p>{exhibit.reading}</p>" in text
        for row in exhibit.rows():
            cells = [number(value) if isinstance(value, float) else str(value) for value in row.values()]
            assert "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" in text
    assert answer.headline(spec.model) in text
    assert "3.15.1" in text
    assert 'href="https://example.org/?m=none&u=16"' in text
    assert "<td>LSTM units</td><td>16</td>" in text
    assert "<td>these curves are</td><td>recorded</td>" in text


def test_the_report_says_which_world_its_tweets_are_from():
    numbers, words = (report_of(CASE1.replace(tweets=tweets), measured=False) for tweets in ("numbers", "words"))
    assert "sequences of numbers, not text" in numbers
    assert "made-up sentences" in words
    assert "made-up sentences whose" not in numbers


def test_the_report_holds_the_whole_program():
    (program,) = re.findall(r"<pre>(# %%.*?)</pre>", report_of(CASE1), flags=re.S)
    assert html.unescape(program) == script(CASE1)


def test_without_a_response_the_report_tells_structure_only():
    text = report_of(CASE2, measured=False)
    assert "no path" in text
    assert "≈ 0" not in text
    assert "fewer right" not in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_addresses_of_pages_become_links(link):
    assert "<a href" not in report_of(CASE1, link=link).rpartition("<main>")[2]


def test_texts_cannot_become_markup():
    stolen = "</script></pre>\"><script>document.title='stolen'</script>"
    run = dataclasses.replace(run_of(CASE1), versions={"keras": stolen})
    hostile = Exhibit(
        stolen, lambda _colours: {"one": {"data": [], "layout": {"title": stolen}}}, stolen, lambda: [{stolen: stolen}]
    )
    for text in (
        report(run, [hostile], image="", dot=stolen, graph_alt=stolen, link=f"https://x/{stolen}"),
        figure_html(hostile),
    ):
        assert "<script>document" not in text


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
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
@pytest.mark.parametrize(("width", "below_each_other"), [(1200, False), (340, True)], ids=["wide", "phone"])
def test_the_report_opens_offline_with_live_charts(chromium, tmp_path, width, below_each_other):
    image = f"data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}"
    page, wrong = opened(chromium, report_of(CASE1, image=image), tmp_path, width)
    assert page.locator(".chart .main-svg:first-child").count() == 2 * 3  # of both heads: loss, reliance, response
    assert page.title() == "What does concatenate do? case 1: concatenated"  # a script in the drawing did not run
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first, second = (page.locator(".chart").nth(n).bounding_box() for n in (0, 1))
    assert (first["x"] == second["x"]) == below_each_other
    assert (first["y"] == second["y"]) != below_each_other
    drag = page.evaluate("document.querySelector('.chart').layout.dragmode")
    assert drag == (False if below_each_other else "zoom")
    assert wrong == []


@pytest.mark.browser
def test_an_exhibit_alone_opens_offline_and_answers_the_pointer(chromium, tmp_path):
    exhibit = response_exhibit(CASE1)
    page, wrong = opened(chromium, figure_html(exhibit), tmp_path, 1000)
    for part, figure in enumerate(exhibit.draw(LIGHT).values()):
        text = page.locator("script[type='application/json']").nth(part).text_content()
        assert json.loads(text) == json.loads(json.dumps(figure))
    drawn = page.evaluate("document.querySelector('.chart').data.find(t => t.name === 'tweet_b').y")
    assert np.allclose(drawn, response_of(CASE1).loss[0, 1])
    page.evaluate("Plotly.Fx.hover(document.querySelector('.chart'), {xval: 0.5, yval: 0.75}, 'xy')")
    page.wait_for_selector(".hovertext")
    assert page.get_by_text(exhibit.reading).is_visible()
    assert page.get_by_role("heading", name=exhibit.heading).is_visible()
    assert wrong == []
