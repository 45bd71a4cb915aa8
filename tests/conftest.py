"""Settings that all tests share, the long tests' switch, and the one server that browsers and clients visit."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.browser.server import Server

# The first draw of a text builds a table of Unicode that takes seconds on a fresh machine, and a busy one is slow at random.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

LONG = ("full", "bench", "load", "soak")
"""Marks of tests that run only when asked for: by `--full`, or by their own name in `-m`."""

_server = pytest.StashKey[Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long versions too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = {mark for mark in LONG if mark in config.option.markexpr} | ({"full"} if config.option.full else set())
    unasked = set(LONG) - asked
    late = [item for item in items if any(mark.name in unasked for mark in item.iter_markers())]
    if late:
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if item not in late]
    # Streamlit clears Keras's session after each run of a page, a second or more once many models were built here. So the
    # core, whose tests import Keras, comes last.
    items.sort(key=lambda item: item.path.is_relative_to(config.rootpath / "tests" / "mtl_core"))


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app, started once for all tests that visit it."""
    with Server(tmp_path_factory.mktemp("server")) as started:
        request.config.stash[_server] = started
        yield started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the server said beside a test that failed while visiting it."""
    report = yield
    started = item.config.stash.get(_server, None)
    if report.failed and started is not None and "server" in getattr(item, "fixturenames", ()):
        report.sections.append(("server log", started.log()))
    return report
