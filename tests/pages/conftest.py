"""The app in-process, one session a test, without a cluster: what a page shows from settings, store and gallery."""

import functools
import os
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import pages_manager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from mtl_core.jobs import runs
from tests.pages.made_jobs import MadeRuns

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    """No test finds another's runs, and no test starts workers."""
    monkeypatch.setenv("MTL_STORE", str(tmp_path / "runs"))
    real = runs._the_shared
    real.cache_clear()
    monkeypatch.setattr(runs.Runs, "start", lambda _self: None)
    yield
    real().close()
    real.cache_clear()


@pytest.fixture(autouse=True)
def navigation_as_on_a_server(monkeypatch):
    """Each run of an AppTest forgets that st.navigation was called, sees a pages/ folder, and would leave app.py out."""
    monkeypatch.setattr(pages_manager.Path, "exists", lambda path: path.name != "pages" and os.access(path, os.F_OK))


@pytest.fixture(autouse=True)
def free_of_keras_as_a_server(monkeypatch):
    """Where other tests imported Keras, Streamlit would clear its session after each run of a page: up to seconds."""
    monkeypatch.setattr(script_runner, "_clean_problem_modules", lambda: None)


installed_components = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def installed_components_as_on_a_server(monkeypatch):
    """A server looks once for components among all installed packages; each AppTest would, for most of its time."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", installed_components)


@pytest.fixture
def made(monkeypatch):
    """Jobs that know exactly the runs that a test gives them, and note what they were asked for."""
    jobs = MadeRuns()
    monkeypatch.setattr(runs, "_the_shared", lambda: jobs)
    return jobs


@pytest.fixture
def visit():
    """Open the app at a link: `visit(u="32")`; at another page: `visit("pages/glossary.py")`."""

    def open_at(page: str = "", **query: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        for key, value in query.items():
            at.query_params[key] = value
        return (at.switch_page(page) if page else at).run()

    return open_at
