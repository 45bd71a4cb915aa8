"""Which engine and libraries make a run's numbers.

The same spec gives the same numbers only from the same code, so a run's name is its spec's digest *and* the versions of
what computed it. They are read from the installed packages' metadata: asking costs no import of Keras or TensorFlow.
"""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from mtl_core.spec import ExperimentSpec

__all__ = ["ENGINE_VERSION", "MACHINE_TOLERANCE", "PACKAGES", "run_key", "versions"]

ENGINE_VERSION = "1"
"""Raise it whenever a change of data, model, training or response changes a run's numbers: older stored runs are then
no longer shown."""

MACHINE_TOLERANCE = 1e-4
"""Nats by which a run's losses may differ where another machine computes it with the same versions. One in the last place of every
initial weight moves those of the first screen by 4e-8."""

PACKAGES = ("engine", "keras", "tensorflow")
"""What decides a run's numbers, but for its spec and the machine."""

_DISTRIBUTIONS = {"keras": ("keras",), "tensorflow": ("tensorflow-cpu", "tensorflow")}
"""By package: the distributions that may provide it. Linux on x86-64 installs the smaller `tensorflow-cpu`."""


@functools.cache
def versions() -> Mapping[str, str]:
    """Versions of "engine", "keras" and "tensorflow" on this machine, and the "machine" in words.

    A package that is not installed has the version "none".
    """
    packages = {name: _first_installed(distributions) for name, distributions in _DISTRIBUTIONS.items()}
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return {"engine": ENGINE_VERSION, **packages, "machine": machine}


def run_key(spec: ExperimentSpec, made_by: Mapping[str, str] | None = None) -> str:
    """Name of a run: equal for equal specs computed by equal versions.

    Parameters
    ----------
    spec : ExperimentSpec
    made_by : mapping, optional
        As `versions` returns it, which is the default. What it does not name has the version "none".
    """
    makers = versions() if made_by is None else made_by
    return "-".join((spec.digest(), *(makers.get(name, "none") for name in PACKAGES)))


def _first_installed(distributions: tuple[str, ...]) -> str:
    for distribution in distributions:
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return "none"
