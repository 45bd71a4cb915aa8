"""Settings that all tests share, the switches for more and for less, and the server that browsers and clients visit, one a process.

`make test` spreads the tests over two processes. What shares something costly stays in one of them (`TOGETHER`); every other
file goes wherever there is room.
"""

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browser.server import Server

# The first draw of a text builds a table of Unicode that takes seconds on a fresh machine, and a busy one is slow at random.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

LONG = ("full", "bench", "load", "soak")
"""Marks of tests that run only when asked for: by `--full`, or by their own name in `-m`."""

TOGETHER = {
    "browser": "visitors of one server",
    "browser/test_accessibility.py": "visitors of another server",
    "browser/test_walkthrough.py": "visitors of another server",
    "browser/test_room.py": "visitors of another server",
    "browser/test_presenter.py": "visitors of another server",
    "browser/test_faults.py": "a server that is killed",
    "browser/test_deep_links.py": "fresh servers",
    "load": "visitors of one server",
    "test_app.py": "visitors of one server",
    "mtl_core/train": "compiled programs",
    "mtl_core/response": "compiled programs",
    "mtl_core/lessons": "compiled programs",
    "mtl_core/take_home": "compiled programs",
    "mtl_core/jobs": "one cluster",
    "deploy": "one topology",
}
"""Which tests run in one process, by their folder or file; the longest begin first."""

SLOW = (
    "browser",
    "load",
    "test_app.py",
    "deploy",
    "pages",
    "mtl_core/jobs/test_runs.py",
    "mtl_core/jobs/test_cluster.py",
    "mtl_core/graph/program/test_untrusted.py",
)
"""What `--quick` leaves out beside all files that import Keras: servers, clusters, browsers, whole pages, and programs that take long."""

_TESTS = Path(__file__).parent

_server = pytest.StashKey[Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long versions too")
    parser.addoption("--quick", action="store_true", help="run only what needs neither Keras nor a server")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.quick:
        sys.meta_path.insert(0, _NoKeras())
        # They stand in every module, those with Keras too.
        config.option.doctestmodules = False


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # Examples in docstrings are looked for in every module; those that help the tests have none, and some are programs.
    helper = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return True if helper or (config.option.quick and _entry(collection_path, SLOW)) else None


@pytest.hookimpl(tryfirst=True)  # before the groups are read, by which tests are spread
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = {mark for mark in LONG if mark in config.option.markexpr} | ({"full"} if config.option.full else set())
    unasked = set(LONG) - asked
    late = [
        item
        for item in items
        if any(mark.name in unasked for mark in item.iter_markers())
        or (config.option.quick and "chromium" in getattr(item, "fixturenames", ()))
    ]
    if late:
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if item not in late]
    order = [*dict.fromkeys(TOGETHER.values())]
    group_of = {path: TOGETHER.get(_entry(path, TOGETHER)) for path in {item.path for item in items}}
    groups = {item: group_of[item.path] for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group or str(item.path.relative_to(config.rootpath))))
    items.sort(key=lambda item: order.index(groups[item]) if groups[item] else len(order))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it for garbage, again and again, takes longer than many a test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app, started once for all tests that visit it.

    Whatever they did on its pages, and however their runs ended, they brought no Keras into its process.
    """
    with Server(tmp_path_factory.mktemp("server")) as started:
        request.config.stash[_server] = started
        yield started
        started.assert_free_of_keras()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the server said beside a test that failed while visiting it."""
    report = yield
    started = item.config.stash.get(_server, None)
    if report.failed and started is not None and "server" in getattr(item, "fixturenames", ()):
        report.sections.append(("server log", started.log()))
    return report


def _entry(path: Path, entries: Iterable[str]) -> str:
    """Which of some folders and files below tests/ holds a path, the innermost; "" if none."""
    return max((entry for entry in entries if path.is_relative_to(_TESTS / entry)), key=len, default="")


class _NoKeras(MetaPathFinder):
    """Skips a test, or a whole file of tests, where it asks for Keras."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        """Called for every import: none is found here."""
        if name in ("keras", "tensorflow"):
            pytest.skip("needs Keras", allow_module_level=True)
