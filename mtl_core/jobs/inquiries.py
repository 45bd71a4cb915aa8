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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cachetools import LRUCache

from mtl_core.jobs.loop import Loop
from mtl_core.language import N_, _
from mtl_core.records import Answer
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["KINDS", "Inquiries", "Question"]

log = logging.getLogger(__name__)

KINDS = ("respond", "what_if", "jacobian", "block_scale", "keras_file")

_PRIORITY = 10
_TRIES = 3
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
    """A question that was asked, and what came of it so far."""

    weights: Weights
    answer: Answer = field(default_factory=lambda: Answer("pending"))
    problem: tuple[str, str] | None = None
    """Sentence and reason, put together in the language of whoever reads it."""


class Inquiries:
    """Answers by question, least recently used forgotten first. The caller holds a lock when it calls `ask`.

    Parameters
    ----------
    loop : Loop
    task : callable
        `mtl_core.jobs.tasks.answer`, or a stand-in.
    size : int
        Most answers remembered.
    """

    def __init__(self, loop: Loop, task: Callable[..., Any], size: int = 256) -> None:
        self._loop, self._task = loop, task
        self._asked: LRUCache[Question, _Inquiry] = LRUCache(size)

    def ask(self, question: Question, weights: Weights) -> Answer:
        """The answer if it is there, else "pending"; `weights` is called later, in a thread of its own."""
        inquiry = self._asked.get(question)
        if inquiry is None:
            inquiry = self._asked[question] = _Inquiry(weights)
            self._loop.begin(self._live, question, inquiry)
        if inquiry.problem is not None:
            template, reason = inquiry.problem
            return Answer("failed", message=_(template).format(reason=reason))
        return inquiry.answer

    async def _live(self, question: Question, inquiry: _Inquiry) -> None:
        """An inquiry's life: its weights are read, a worker is asked, and asked again if the answer was lost."""
        weights = await asyncio.to_thread(inquiry.weights)
        if weights is None:
            inquiry.problem = (_NOT_KEPT, "")
            return
        key = f"mtl-ask-{_digest(question, weights)}"
        arguments = (question.spec, weights, question.kind, json.loads(question.options))
        reason = ""
        for _try in range(_TRIES):
            connection = await self._loop.connection()
            try:
                async with connection.task(key, self._task, *arguments, priority=_PRIORITY) as result:
                    inquiry.answer = Answer("ready", await result())
                return
            except ConnectionError as error:
                reason = str(error)
            except Exception as error:
                log.warning("A question to a worker failed: %s", error)
                reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                break
        inquiry.problem = (_NO_ANSWER, reason)


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
