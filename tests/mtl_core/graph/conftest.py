"""Time stands still for the readers of models: what a busy machine would cut short is held to its work instead."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mtl_core.graph.config import untrusted


@pytest.fixture(scope="module", autouse=True)
def no_time_passes() -> Iterator[None]:
    """A test about the time that a file may take sets a clock of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(untrusted, "time", SimpleNamespace(thread_time=lambda: 0.0))
        yield
