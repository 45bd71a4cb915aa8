"""The packages of the image and of the tests are locked: each at one version, with its hashes."""

import re
import tomllib
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mtl_core import __version__
from tests.deploy.files import instructions
from tests.deploy.topology import DEPLOY, ROOT


def pins(file: str) -> dict[str, str]:
    """Package to version, of the lines that name one."""
    names = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / file).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in names}


@pytest.mark.parametrize(
    ("wanted", "locked"),
    [("requirements.txt", "requirements.lock"), ("requirements-dev.txt", "requirements-dev.lock")],
)
def test_what_is_asked_for_is_what_is_locked(wanted: str, locked: str) -> None:
    lock = pins(f"deploy/{locked}")
    assert len(lock) > len(pins(wanted)) > 10
    assert {name: lock.get(name) for name in pins(wanted)} == pins(wanted), "run: make lock"


def test_tests_run_with_the_packages_of_the_image() -> None:
    image, tests = pins("deploy/requirements.lock"), pins("deploy/requirements-dev.lock")
    assert image == {name: tests.get(name) for name in image}, "run: make lock"


@pytest.mark.parametrize("locked", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_has_its_hashes(locked: str) -> None:
    text = (DEPLOY / locked).read_text()
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("locked", ["requirements.lock", "requirements-dev.lock"])
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


def test_the_image_is_built_from_the_lock_alone() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--require-hashes -r requirements.lock" in install
    assert "deploy/requirements.lock ." in instructions("COPY")


def test_version_and_changes_agree() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"] == ["version"]
    assert re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[0] == __version__
