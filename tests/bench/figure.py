"""One measured figure beside its budget, and the table of them all."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

__all__ = ["BEGIN", "END", "Figure", "between_marks", "crowding", "report"]

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
_HEADER = ("figure", "budget", "median", "lowest to highest", "peer", "ratio", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, and what it should have been.

    Parameters
    ----------
    what : str
    seconds : sequence of float
        Or whatever `unit` counts; one a round.
    peer : sequence of float
        The same of Keras, taken in turns with ours, round by round; empty if it has no such thing.
    at_most : float, optional
        Budget of the median.
    faster : float, optional
        Budget of the median ratio.
    unit : str
        "ms", "s" or "MB", in which `seconds` are shown.
    """

    what: str
    seconds: Sequence[float]
    peer: Sequence[float] = field(default=())
    at_most: float | None = None
    faster: float | None = None
    unit: str = "s"

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def ratio(self) -> float | None:
        """How many times the peer takes, the median over rounds: a disturbance of one round spoils one ratio."""
        rounds = [theirs / ours for ours, theirs in zip(self.seconds, self.peer, strict=True)] if self.peer else []
        return statistics.median(rounds) if rounds else None

    @property
    def holds(self) -> bool:
        """Whether it is within its budget; without one, it is."""
        slow = self.at_most is not None and self.median > self.at_most
        return not slow and (self.faster is None or (self.ratio or 0.0) >= self.faster)

    def row(self) -> tuple[str, ...]:
        budgets = ("" if self.at_most is None else f"<= {self._shown(self.at_most)}", _times(self.faster, ">= "))
        return (
            self.what,
            ", ".join(filter(None, budgets)) or "none",
            self._shown(self.median),
            f"{self._shown(min(self.seconds))} to {self._shown(max(self.seconds))}",
            self._shown(statistics.median(self.peer)) if self.peer else "",
            _times(self.ratio),
            "" if self.at_most is None and self.faster is None else "ok" if self.holds else "**missed**",
        )

    def _shown(self, value: float) -> str:
        scale, digits = {"ms": (1e3, 1), "s": (1.0, 2), "MB": (1e-6, 1)}[self.unit]
        return f"{value * scale:.{digits}f} {self.unit}"


def report(figures: Iterable[Figure], notes: Sequence[str]) -> str:
    """The table in Markdown, with its date, its machine and the notes below it."""
    lines = [_HEADER, ["---"] * len(_HEADER), *(figure.row() for figure in figures)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return "\n\n".join([table, *notes, _machine()])


def between_marks(file: Path, text: str) -> None:
    """Replace what stands between the marks in a Markdown file."""
    before, rest = file.read_text().split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def crowding(seconds: float = 0.5) -> float:
    """Wall time by processor time of a loop: 1 on a machine with a core to spare, 3 where three compete for it."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < seconds:
        pass
    return (time.perf_counter() - began) / seconds


def _times(ratio: float | None, prefix: str = "") -> str:
    return "" if ratio is None else f"{prefix}{ratio:.1f}x"


def _machine() -> str:
    """Where and when; the load of the machine tells what else went on."""
    names = [line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    load = f"{os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{date.today().isoformat()}; {os.cpu_count()} cores of {names[0] if names else platform.processor()}, virtual and "
        f"noisy (load of the last five minutes: {load}); Keras {version('keras')}, Python {platform.python_version()}."
    )


def _cpuinfo() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []
