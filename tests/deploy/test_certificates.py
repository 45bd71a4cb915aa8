"""Certificates of the Dask processes: whenever their making is interrupted, the next start puts it right."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.topology import DEPLOY

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificates"


@pytest.fixture
def make(tmp_path: Path, folder: Path) -> Make:
    """Runs the script as the container does: as root, where a user "app" exists; `breaks` is a command that is cut short."""
    tools, record = tmp_path / "tools", tmp_path / "owners"
    tools.mkdir()

    def run(breaks: str = "") -> subprocess.CompletedProcess[str]:
        commands = {"id": 'if [ "$1" = -u ]; then echo 0; fi', "chown": f'echo "$@" >> {record}'}
        if breaks:
            commands[breaks] = "exit 137"
        for tool in tools.iterdir():
            tool.unlink()
        for name, script in commands.items():
            (tools / name).write_text(f"#!/bin/sh\n{script}\n")
            (tools / name).chmod(0o755)
        path = os.pathsep.join([str(tools), os.environ["PATH"]])
        return subprocess.run(
            ["sh", DEPLOY / "make-certificates.sh", folder],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def given_to(tmp_path: Path) -> list[str]:
    record = tmp_path / "owners"
    return record.read_text().splitlines() if record.exists() else []


@pytest.mark.parametrize("breaks", ["", "chown", "chmod", "mv"])
def test_after_an_interruption_the_next_start_has_a_key_that_the_app_can_read(
    make: Make, tmp_path: Path, folder: Path, breaks: str
) -> None:
    assert (make(breaks).returncode == 0) == (not breaks)
    assert make().returncode == 0
    assert given_to(tmp_path)[-1] == f"app {folder}/dask.key"
    assert {path.name for path in folder.iterdir()} == {"ca.pem", "dask.pem", "dask.key"}
    assert (folder / "dask.key").stat().st_mode & 0o077 == 0
    checked = subprocess.run(
        ["openssl", "verify", "-CAfile", folder / "ca.pem", folder / "dask.pem"], capture_output=True, check=False
    )
    assert checked.returncode == 0


def test_a_second_start_keeps_the_certificate_of_the_first(make: Make, folder: Path) -> None:
    make()
    first = (folder / "dask.pem").read_bytes()
    make()
    assert (folder / "dask.pem").read_bytes() == first
