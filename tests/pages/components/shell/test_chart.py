"""A chart is not checked at every tick, and reaches the browser as if it were."""

import json

import plotly.graph_objects as go
import plotly.io
from streamlit.testing.v1 import AppTest

FIGURE = {"data": [{"type": "scatter", "y": [0.7, None, 0.6]}], "layout": {"xaxis": {"title": {"text": "epoch"}}}}


def page(figure):
    from pages.components.shell import chart

    chart.beside({"one": figure}, key="made", reading="It falls.", rows=list)


def test_the_browser_gets_what_plotly_itself_would_send():
    app = AppTest.from_function(page, args=(FIGURE,)).run()
    assert not app.exception
    sent = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert sent == json.loads(plotly.io.to_json(go.Figure(FIGURE)))
