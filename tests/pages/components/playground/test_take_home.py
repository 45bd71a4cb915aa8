"""What can be taken home from a screen, and how a screen is shared."""

import html

from tests.mtl_core.made_runs import with_pulls
from tests.pages.made_jobs import SPEC, finished
from tests.pages.reading import shown


def opened(at, popover):
    at.session_state[popover] = True
    return at.run()


def downloads(at):
    return [button.proto.label for button in at.get("download_button")]


def test_before_any_run_the_program_the_notebook_and_the_graph_can_be_taken(visit, made):
    at = opened(visit(), "take_home")
    assert not at.exception
    assert downloads(at) == ["Keras program", "Jupyter notebook", "Graph (DOT)"]


def test_after_a_run_its_numbers_figures_report_and_model_too(visit, made):
    made.known[SPEC] = with_pulls(finished(SPEC))
    at = opened(visit(), "take_home")
    assert downloads(at)[3:] == [
        "Numbers of every epoch (CSV)",
        "Loss (interactive HTML)",
        "Reliance (interactive HTML)",
        "Task pulls (interactive HTML)",
        "Response (interactive HTML)",
        "What if (interactive HTML)",
        "Report (one HTML file)",
    ]
    (numbers,) = (button.proto for button in at.get("download_button") if "CSV" in button.proto.label)
    assert "how both tasks pull" in numbers.help
    assert "Trained model (.keras) of epoch 3" in [toggle.label for toggle in at.toggle]


def test_the_share_popover_has_the_link_a_qr_code_and_a_snippet(visit):
    at = opened(visit(u="64"), "share")
    assert not at.exception
    address, snippet = (code.value for code in at.code)
    assert "u=64" in address
    assert snippet.startswith("<iframe")
    assert snippet.count("&") == snippet.count("&amp;") > 0
    assert html.unescape(snippet).split('"')[1] == f"{address}&embed=true"
    assert 'allow="clipboard-write"' in snippet
    assert "opens the same screen" in shown(at)


def test_nothing_is_made_while_the_popovers_are_closed(visit):
    at = visit()
    assert downloads(at) == []
    assert not at.code
