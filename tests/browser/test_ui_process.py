"""The process that serves pages never loads Keras or TensorFlow, whatever a visitor does and however a run ends.

Streamlit clears Keras's session after every script run of a process that has imported it: 165 to 190 ms each, and models
that are being built in other sessions break. So the server that all browsers visit is looked at after their last visit
(`Server.assert_free_of_keras`): Python's own record of its imports, and the libraries in its memory. Here is what they don't do.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.server import ROOT, Server, is_keras
from tests.load.client import apart, open_session

pytestmark = pytest.mark.browser

SMALL = "v=1&u=2&t=4&d=2&n=64&nt=64&seed=3"


def test_a_run_that_fails_says_why_and_brings_no_keras_into_the_ui_process(tmp_path: Path) -> None:
    async def visit(url: str) -> str:
        async with open_session(url, query=f"{SMALL}&ep=1") as me:
            await me.act("train", "train", trigger_value=True)
            await me.until(lambda session: session.has("train") and not session.redraws)
            return "\n".join(me.texts())

    # A worker whose Keras is told to use a library that isn't there fails as a broken installation would.
    with Server(tmp_path, KERAS_BACKEND="torch") as broken:
        said = apart(visit(broken.url))
        broken.assert_free_of_keras()
    assert "The run failed on the worker" in said
    assert "torch" in said


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
