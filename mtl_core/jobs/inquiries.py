"""Questions about a finished model, answered by a worker and remembered here.

A question names a run, one of its kept epochs, a kind and options; its answer never changes, so it is asked once. The
kept weights travel with the question, for a worker keeps no models: any worker can answer, and none has to be the one
that trained.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cachetools import LRUCache

from mtl_core.jobs.leases import browser_of
from mtl_core.jobs.loop import Life, Loop
from mtl_core.jobs.turns import Turns
from mtl_core.language import N_, _
from mtl_core.records import Answer
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["KINDS", "Inquiries", "Question"]

log = logging.getLogger(__name__)

KINDS = ("respond", "what_if", "jacobian", "block_scale", "keras_file")

_PRIORITY = 10
_TRIES = 3
_MOST_WAITING = 3
_MOST_BYTES = 100_000_000
"""Of answers that are remembered. A model's file has up to 33 MB, any other answer a few kB."""

_FRAME_BYTES = 10_000
_NOT_KEPT = N_("The weights of this epoch are no longer stored; train the run again to ask about it.")
_NO_ANSWER = N_("The worker could not answer this: {reason}.")

Weights = Callable[[], tuple[Float32, ...] | None]
"""Reads the kept weights of one epoch, in `model.weights` order; None if they are gone."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as a key.

    Parameters
    ----------
    source : str
        Names the run and the attempt at it.
    spec : ExperimentSpec
    epoch : int
    kind : {"respond", "what_if", "jacobian", "block_scale", "keras_file"}
    options : str
        Canonical JSON.
    """

    source: str
    spec: ExperimentSpec
    epoch: int
    kind: str
    options: str

    @classmethod
    def of(cls, source: str, spec: ExperimentSpec, epoch: int, kind: str, options: Mapping[str, Any]) -> Question:
        """The question with these options; arrays, tuples and lists of equal numbers are the same question."""
        return cls(source, spec, epoch, kind, json.dumps(options, sort_keys=True, default=_plain))


@dataclass(slots=True)
class _Inquiry:
    """A question that is not answered yet.

    Parameters
    ----------
    visitor : str
        Who asked first, and whose turn it takes.
    weights : callable
    looked : float
        When somebody asked last, in seconds.
    waits : bool
        Whether its turn is still to come.
    life : Life
    """

    visitor: str
    weights: Weights
    looked: float = 0.0
    waits: bool = True
    life: Life = field(default_factory=Life)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """An answer, or why there is none: a sentence that is put together in the language of whoever reads it."""

    value: Any = None
    sentence: str = ""
    reason: str = ""

    @property
    def answer(self) -> Answer:
        if self.sentence:
            return Answer("failed", message=_(self.sentence).format(reason=self.reason))
        return Answer("ready", self.value)


class Inquiries:
    """Answers by question, least recently used forgotten first. The caller holds the lock when it calls a method.

    Visitors take turns, and of each at most three questions wait. What nobody asks any more is dropped.

    Parameters
    ----------
    loop : Loop
    lock : context manager
    task : callable
        `mtl_core.jobs.tasks.answer`, or a stand-in.
    places : callable
        How many questions workers may have at once.
    attention : float
        Seconds after which a question that is not asked again is one that nobody looks at.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        loop: Loop,
        lock: AbstractContextManager[Any],
        task: Callable[..., Any],
        *,
        places: Callable[[], int],
        attention: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop, self._lock, self._task, self._attention, self._clock = loop, lock, task, attention, clock
        self._turns = Turns(places)
        self._pending: dict[Question, _Inquiry] = {}
        self._outcomes: LRUCache[Question, _Outcome] = LRUCache(_MOST_BYTES, _size)

    def __len__(self) -> int:
        """Questions that are not answered yet."""
        return len(self._pending)

    def ask(self, question: Question, weights: Weights, visitor: str) -> Answer:
        """The answer if it is there, else "pending"; `weights` is called later, in a thread of its own."""
        outcome = self._outcomes.get(question)
        if outcome is not None:
            return outcome.answer
        inquiry = self._pending.get(question)
        if inquiry is None:
            waiting = [key for key, each in self._pending.items() if each.waits and each.visitor == visitor]
            if len(waiting) >= _MOST_WAITING:
                self._drop(min(waiting, key=lambda key: self._pending[key].looked))
            inquiry = self._pending[question] = _Inquiry(visitor, weights)
            inquiry.life = self._loop.begin(self._live, question, inquiry)
        inquiry.looked = self._clock()
        return Answer("pending")

    def expire(self) -> None:
        """Drop what nobody looks at any more."""
        since = self._clock() - self._attention
        for question in [key for key, inquiry in self._pending.items() if inquiry.looked < since]:
            self._drop(question)

    def _drop(self, question: Question) -> None:
        self._pending.pop(question).life.cancel()

    async def _live(self, question: Question, inquiry: _Inquiry) -> None:
        """An inquiry's life: it waits for its turn, is asked, and is answered if it was not dropped meanwhile."""
        async with self._turns.of(browser_of(inquiry.visitor)):
            inquiry.waits = False
            outcome = await self._outcome(question, inquiry)
        with self._lock:
            self._outcomes[question] = outcome
            if self._pending.get(question) is inquiry:
                del self._pending[question]

    async def _outcome(self, question: Question, inquiry: _Inquiry) -> _Outcome:
        """Read the weights and ask a worker, and once more if the answer was lost."""
        weights = await asyncio.to_thread(inquiry.weights)
        if weights is None:
            return _Outcome(sentence=_NOT_KEPT)
        key = f"mtl-ask-{await asyncio.to_thread(_digest, question, weights)}"
        arguments = (question.spec, weights, question.kind, json.loads(question.options))
        reason = ""
        for _try in range(_TRIES):
            connection = await self._loop.connection()
            try:
                async with connection.task(key, self._task, *arguments, priority=_PRIORITY) as result:
                    return _Outcome(await result())
            except ConnectionError as error:
                reason = str(error)
            except Exception as error:
                log.warning("A question to a worker failed: %s", error)
                reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                break
        return _Outcome(sentence=_NO_ANSWER, reason=reason)


def _size(outcome: _Outcome) -> int:
    """Bytes of an answer; a record's few arrays count as their frame."""
    value = outcome.value
    return _FRAME_BYTES + (value.nbytes if isinstance(value, np.ndarray) else sys.getsizeof(value))


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"an option of a question is of type {type(value).__name__}")


def _digest(question: Question, weights: tuple[Float32, ...]) -> str:
    """Equal for equal questions of any app process: by what was learned, not by who learned it."""
    digest = hashlib.sha256(f"{question.spec.digest()} {question.kind} {question.options}".encode())
    for array in weights:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]
