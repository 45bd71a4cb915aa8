"""An exhibit on a page has all its parts; its chart is not checked at every tick, and reaches the browser as if it were."""

import json

import plotly.graph_objects as go
import plotly.io
import pyarrow.ipc
import pytest
from streamlit.testing.v1 import AppTest

FIGURE = {"data": [{"type": "scatter", "y": [0.7, None, 0.6]}], "layout": {"xaxis": {"title": {"text": "epoch"}}}}


def page(figure, heading):
    from mtl_core.figures.exhibit import Exhibit
    from pages.components.shell import chart

    rows = [{"epoch": 10, "loss (nats)": 0.81, "said": "no path"}, {"epoch": 2, "loss (nats)": 0.0}]
    exhibit = Exhibit("It falls", lambda _colours: {"one": figure, "two": figure}, "It falls to 0.6.", lambda: rows)
    chart.show(exhibit, key="made", heading=heading)


def shown(**state):
    app = AppTest.from_function(page, args=(FIGURE, state.pop("heading", True)))
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def test_the_browser_gets_what_plotly_itself_would_send_but_for_its_template():
    first, second = shown().get("plotly_chart")
    for chart in (first, second):
        whole = json.loads(plotly.io.to_json(go.Figure(FIGURE)))
        del whole["layout"]["template"]
        assert json.loads(chart.proto.spec) == whole


def test_the_heading_stands_over_the_reading_and_the_chart_has_the_reading_as_its_words():
    app = shown()
    assert [header.value for header in app.header] == ["It falls"]
    assert [text.value for text in app.markdown] == ["It falls to 0.6."]
    assert {chart.proto.alt for chart in app.get("plotly_chart")} == {"It falls to 0.6."}


def test_a_page_may_put_the_heading_elsewhere():
    assert not shown(heading=False).header


def test_the_numbers_are_made_on_demand_with_three_digits_and_counts_exact():
    assert not shown().dataframe
    (table,) = shown(made_numbers=True).dataframe
    assert table.value.columns.tolist() == ["epoch", "loss (nats)", "said"]
    assert table.value["loss (nats)"].tolist() == pytest.approx([0.81, 0.0])
    written = pyarrow.ipc.open_stream(table.proto.arrow_data.styler.display_values).read_all().to_pydict()
    assert written == {"epoch": ["10", "2"], "loss (nats)": ["0.810", "0"], "said": ["no path", ""]}
