"""The packages of the image and of the tests are locked: each at one version, with its hashes."""

import itertools
import re
import tomllib
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mtl_core import __version__
from tests.deploy.files import instructions
from tests.deploy.topology import DEPLOY, ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-full.lock")


def pins(file: str) -> dict[str, str]:
    """Package to version, of the lines that name one."""
    names = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / file).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in names}


@pytest.mark.parametrize(("wanted", "locked"), [(locked.replace(".lock", ".txt"), locked) for locked in LOCKS])
def test_what_is_asked_for_is_what_is_locked(wanted: str, locked: str) -> None:
    lock = pins(f"deploy/{locked}")
    assert len(lock) > len(pins(wanted)) > 0
    assert {name: lock.get(name) for name in pins(wanted)} == pins(wanted), "run: make lock"


@pytest.mark.parametrize(("fewer", "more"), itertools.pairwise(LOCKS))
def test_tests_run_with_the_packages_of_the_image(fewer: str, more: str) -> None:
    image, tests = pins(f"deploy/{fewer}"), pins(f"deploy/{more}")
    assert image == {name: tests.get(name) for name in image}, "run: make lock"


@pytest.mark.parametrize("locked", LOCKS)
def test_every_package_has_its_hashes(locked: str) -> None:
    text = (DEPLOY / locked).read_text()
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("locked", LOCKS)
def test_a_package_that_is_wanted_with_an_extra_is_locked_with_it(locked: str) -> None:
    """Without it, pip takes a newer version than the locked one as soon as there is one, and refuses it for want of a hash."""
    here = {canonicalize_name(package.name): package for package in distributions()}
    wanted = {
        (requirement.name, extra)
        for name in pins(f"deploy/{locked}").keys() & here.keys()
        for line in here[name].requires or []
        if (requirement := Requirement(line)) and (not requirement.marker or requirement.marker.evaluate({"extra": ""}))
        for extra in requirement.extras
    }
    text = (DEPLOY / locked).read_text()
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)\[([^\]]*)\]==", text, re.MULTILINE)
    assert wanted <= {(name, extra) for name, extras in pinned for extra in extras.split(",")}, "run: make lock"


def test_make_installs_what_has_a_hash_and_nothing_else() -> None:
    installs = re.findall(r"pip install (.*)", (ROOT / "Makefile").read_text())
    assert len(installs) > len(LOCKS)
    for words in installs:
        assert "--require-hashes" in words or re.search(r" uv==[\d.]+$", words)


def test_the_image_is_built_from_the_lock_alone() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--require-hashes -r requirements.lock" in install
    assert "deploy/requirements.lock ." in instructions("COPY")


def test_version_and_changes_agree() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"] == ["version"]
    assert re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[0] == __version__
