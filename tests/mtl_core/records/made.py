"""Finished runs that nobody trained, as small or as large as a test wants."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mtl_core.records import Epoch, HeadMetrics, Outcome, Run, RunFolder, pack, run_key, versions
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec

ROOM = 10**12
"""A limit that no test reaches."""


def a_spec(number: int = 0) -> ExperimentSpec:
    """A spec of its own."""
    return ExperimentSpec().replace(epochs=3, learning_rate=1e-5, seed=number)


def a_key(number: int = 0) -> str:
    return run_key(a_spec(number))


def an_outcome(
    number: int = 0, attempt: str = "first", *, megabytes: int = 0, made_by: Mapping[str, str] | None = None
) -> Outcome:
    """What a worker sends of the run of `a_spec(number)`: each epoch's weights are its index, or one epoch of zeros."""
    spec = a_spec(number)
    run = Run(
        spec=spec, state="finished", epochs=tuple(map(_an_epoch, range(4))), config="{}", versions=made_by or versions()
    )
    small = {e: [np.full((2, 3), e, np.float32), np.ones(3, np.float32)] for e in range(4)}
    head, body = pack(run, {0: [np.zeros(250_000 * megabytes, np.float32)]} if megabytes else small, attempt)
    return Outcome(state="finished", attempt=attempt, head=head, body=body)


def put(
    folder: RunFolder, number: int = 0, attempt: str = "first", *, megabytes: int = 0, owner: str = "", age: float = 0
) -> None:
    """Put a run that was last used `age` seconds ago."""
    outcome = an_outcome(number, attempt, megabytes=megabytes)
    folder.put(a_key(number), outcome.head, outcome.body.tobytes(), owner=owner)
    set_age(folder.folder, number, age)


def set_age(folder: Path, number: int, age: float) -> None:
    """Let a run have been used last `age` seconds ago."""
    if age:
        os.utime(a_file(folder, number), (time.time() - age,) * 2)


def a_file(folder: Path, number: int = 0) -> Path:
    return folder / f"{a_key(number)}.run"


def size_of(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(file.stat().st_size for file in folder.iterdir())


def _an_epoch(index: int) -> Epoch:
    heads = {name: HeadMetrics(0.7 / (1 + index), 0.5) for name in OUTPUTS}
    reliance = {(output, seen): 0.0 for output in OUTPUTS for seen in INPUTS}
    return Epoch(index, 0.1 * index, heads, heads, reliance)
