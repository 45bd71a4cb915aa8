"""Every figure that has a budget, measured in one run beside its peer, and written into the README.

    python -m tests.bench.bench                     (`make bench`; some three minutes)
    python -m tests.bench.bench --quick             2 rounds instead of 6, nothing written

Sides that are compared take turns, and ratios are taken round by round. What takes longer has a command of its own:
`make load` (a class of 150), `make soak` (a worker's memory), `make sessions` (the server's).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mtl_core.jobs.settings import worker_environment
from tests.bench.answers import answer_figures
from tests.bench.clicks import click_figures
from tests.bench.cpu import cpu_figures
from tests.bench.edits import edit_figures
from tests.bench.epochs import epoch_figures, process, variant_note
from tests.bench.figure import Figure, between_marks, crowding, report
from tests.bench.screens import screen_figures

__all__ = ["main"]

_README = Path(__file__).parent.parent.parent / "README.md"

Part = tuple[list[Figure], list[str]]


def _computing(rounds: int) -> Part:
    with process(worker_environment()) as ours:
        epochs, variants = epoch_figures(rounds, ours)
        return [*epochs, *answer_figures(rounds, ours)], [variant_note(variants)]


def _engine(rounds: int) -> Part:
    return click_figures(rounds), []


def _edits(rounds: int) -> Part:
    return edit_figures(rounds), []


PARTS: dict[str, Callable[[int], Part]] = {
    "computing": _computing,
    "engine": _engine,
    "screens": screen_figures,
    "processor": cpu_figures,
    "edits": _edits,
}


def _about_the_crowd(crowded: list[float]) -> str:
    """Seconds can only be judged where nothing else runs; ratios bear some company."""
    return (
        f"A second of work took {min(crowded):.1f} to {max(crowded):.1f} s between the parts of this run, because of what else "
        "the machine did: times and not ratios grow with that."
    )


def main() -> None:
    """The command line. Exit code 1 if a budget was missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer rounds, and the README stays as it is")
    options.add_argument("--only", choices=PARTS, action="append", help="a part; the README stays as it is")
    asked = options.parse_args()
    figures, notes, crowded = [], [], [crowding()]
    for name in asked.only or PARTS:
        began = time.monotonic()
        more, said = PARTS[name](2 if asked.quick else 6)
        figures += more
        notes += said
        crowded.append(crowding())
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    text = report(figures, [*notes, _about_the_crowd(crowded)])
    sys.stdout.write(text + "\n")
    if not (asked.quick or asked.only):
        between_marks(_README, text)
    sys.exit(0 if all(figure.holds for figure in figures) else 1)


if __name__ == "__main__":
    main()
