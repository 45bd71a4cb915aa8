"""The process that serves pages never loads Keras or TensorFlow, whatever a visitor does and however a run ends.

Streamlit clears Keras's session after every script run of a process that has imported it: 165 to 190 ms each, and models
that are being built in other sessions break. So this looks at the real process: at Python's own record of its imports, and
at the libraries that are mapped into its memory.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.server import ROOT, Server
from tests.browser.visit import PAGES, Visit, Windows

pytestmark = pytest.mark.browser

SMALL = "v=1&u=2&t=4&d=2&n=64&nt=64&seed=3"


def test_pages_and_runs_that_finish_stop_or_diverge_bring_no_keras_into_the_ui_process(
    server: Server, visit: Visit
) -> None:
    me = visit(f"/?{SMALL}&ep=1")
    me.train()
    for path in PAGES:
        me.open(path)
    me.open(f"/?{SMALL}&ep=200&b=1")
    me.begin()
    me.press("Stop")
    me.rest()
    me.open("/?v=1&o=sgd&lr=1&w=10,10&h=128&b=1&n=512&nt=64&ep=1")
    me.train()
    expect(me.block("training")).to_contain_text("Training diverged")
    assert_free_of_keras(server)


def test_a_run_that_fails_says_why_and_brings_no_keras_into_the_ui_process(windows: Windows, tmp_path: Path) -> None:
    # A worker whose Keras is told to use a library that isn't there fails as a broken installation would.
    with Server(tmp_path, KERAS_BACKEND="torch") as broken, windows.visitors(broken.url) as visit:
        me = visit(f"/?{SMALL}&ep=1")
        me.train()
        expect(me.block("training")).to_contain_text("The run failed on the worker")
        expect(me.block("training")).to_contain_text("torch")
        assert_free_of_keras(broken)


def test_no_page_imports_keras_when_streamlit_runs_it_in_a_test() -> None:
    script = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception, app.exception
for page in ("walkthrough", "sharing", "compare", "inspect_model", "questions", "teachers", "glossary"):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules = json.loads(done.stdout.splitlines()[-1])
    assert "streamlit" in modules
    assert not [name for name in modules if is_keras(name)]


def assert_free_of_keras(server: Server) -> None:
    imported = server.imported()
    assert {"streamlit", "mtl_core.jobs.runs", "distributed"} <= imported, "the record of imports is incomplete"
    assert not [name for name in imported if is_keras(name)]
    mapped = server.mapped()
    assert "libpython" in mapped or "python" in mapped
    assert "tensorflow" not in mapped


def is_keras(module: str) -> bool:
    return module.split(".")[0] in ("keras", "tensorflow", "tensorflow_cpu")
