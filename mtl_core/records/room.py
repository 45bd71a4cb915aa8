"""Which files of a folder of runs go first when it is full.

1. Leftovers: damaged files that were put aside, files of another version, files of a process that died. The oldest first.
2. Runs of a visitor whose runs fill more than a quarter of the folder, down to that quarter.
3. Any run.

Among runs the one with the highest *rank times bytes* goes first, where rank counts the runs that were used since. Of equal
sizes that is the one that was not used for longest; large runs go long before small ones, so that a few large ones
cannot empty the folder. The idea is that of GreedyDual-Size (Cao and Irani 1997, "Cost-aware WWW proxy caching
algorithms"); a rank stands for the age, because a burst of large runs ages by the second and what it meets by the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["DAMAGED", "OTHER_VERSION", "RUN", "SUFFIXES", "TEMPORARY", "RunFile", "in_order_of_leaving"]

RUN, TEMPORARY, DAMAGED, OTHER_VERSION = ".run", ".tmp", ".damaged", ".other-version"
"""Suffixes of a run's file, of one that is being written, and of those that were put aside."""

SUFFIXES = (RUN, TEMPORARY, DAMAGED, OTHER_VERSION)

_SHARES = 4
"""Once the folder is full, one visitor's runs may fill this part of it."""

_LEFTOVER_SECONDS = 60.0
"""A file that is being written changes more often than that; one that does not belongs to a process that died. A
process that loses its file nevertheless writes it again."""


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file that counts against the limit.

    Parameters
    ----------
    name : str
        Its last suffix says what it is.
    size : int
        In bytes.
    used : float
        When it was last used or written, in seconds since 1970.
    owner : str
        The visitor whose run it is; empty if that is not known, or if it is several visitors'.
    """

    name: str
    size: int
    used: float
    owner: str = ""


def in_order_of_leaving(
    files: Sequence[RunFile], limit: int, now: float, coming: Mapping[str, int] | None = None
) -> Iterator[RunFile]:
    """Files that may be removed, the first to go first.

    Parameters
    ----------
    files : sequence of RunFile
    limit : int
        Bytes that the folder may hold.
    now : float
        In seconds since 1970.
    coming : mapping of str to int, optional
        By owner: bytes that are about to be added.

    Examples
    --------
    >>> small, large = RunFile("a.run", 10, used=1.0), RunFile("b.run", 1000, used=2.0)
    >>> [file.name for file in in_order_of_leaving([small, large], limit=1000, now=3.0)]
    ['b.run', 'a.run']
    """
    for file in sorted(files, key=lambda file: file.used):
        left_by_the_dead = file.name.endswith(TEMPORARY) and now - file.used > _LEFTOVER_SECONDS
        if file.name.endswith((DAMAGED, OTHER_VERSION)) or left_by_the_dead:
            yield file
    runs = _first_to_go_first([file for file in files if file.name.endswith(RUN)])
    held = Counter(coming or {})
    for run in runs:
        held[run.owner] += run.size
    others = []
    for run in runs:
        if run.owner and held[run.owner] > limit / _SHARES:
            held[run.owner] -= run.size
            yield run
        else:
            others.append(run)
    yield from others


def _first_to_go_first(runs: list[RunFile]) -> list[RunFile]:
    newest_first = sorted(runs, key=lambda run: run.used, reverse=True)
    ranked = list(enumerate(newest_first, start=1))
    return [run for _rank, run in sorted(ranked, key=lambda pair: pair[0] * pair[1].size, reverse=True)]
