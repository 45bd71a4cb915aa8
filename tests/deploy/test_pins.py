"""The images that are not ours are pinned to the byte by one command, wherever Docker reaches a registry."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.deploy.topology import DEPLOY

Pin = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what is pinned."""
    for name in ("Dockerfile", "compose.yaml", "pin-images.sh"):
        shutil.copy(DEPLOY / name, tmp_path)
    return tmp_path


@pytest.fixture
def pin(folder: Path) -> Pin:
    """Runs the command where `docker` does this."""
    tools = folder / "tools"
    tools.mkdir()

    def run(docker: str) -> subprocess.CompletedProcess[str]:
        (tools / "docker").write_text(f"#!/bin/sh\n{docker}\n")
        (tools / "docker").chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        command = ["sh", folder / "pin-images.sh"]
        return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)

    return run


def images(folder: Path) -> list[str]:
    """Every image of others that the files name."""
    lines = (folder / "Dockerfile").read_text().splitlines()
    services = yaml.safe_load((folder / "compose.yaml").read_text())["services"].values()
    named = [line.removeprefix("ARG BASE=") for line in lines if line.startswith("ARG BASE=")]
    return named + [service["image"] for service in services if "build" not in service]


def test_every_image_of_others_gets_the_digest_that_its_tag_has_now(folder: Path, pin: Pin) -> None:
    names = [image.split("@")[0] for image in images(folder)]
    assert len(names) == 2
    before = {name: (folder / name).read_text() for name in ("Dockerfile", "compose.yaml")}
    for digit in "ab":
        digest = f"sha256:{digit * 64}"
        done = pin(f"""test "$4" = python:3.11-slim -o "$4" = caddy:2-alpine && echo '"{digest}"'""")
        assert done.returncode == 0, done.stderr
        assert images(folder) == [f"{name}@{digest}" for name in names]
    for name, text in before.items():
        changed = zip(text.splitlines(), (folder / name).read_text().splitlines(), strict=True)
        assert sum(one != other for one, other in changed) == 1


@pytest.mark.parametrize("docker", ["exit 1", "echo no such host", f"echo '\"sha256:{'a' * 63}\"'"])
def test_what_no_registry_says_is_not_written(docker: str, folder: Path, pin: Pin) -> None:
    before = images(folder)
    done = pin(docker)
    assert done.returncode == 1
    assert "No digest of python:3.11-slim" in done.stderr
    assert images(folder) == before
