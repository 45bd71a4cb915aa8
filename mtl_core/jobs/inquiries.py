"""Questions about a finished model, answered by a worker and remembered here.

A question names a run, one of its kept epochs, a kind and options; its answer never changes, so it is asked once. The
kept weights travel with the question, for a worker keeps no models: any worker can answer, and none has to be the one
that trained.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mtl_core.jobs.connection import Connection
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
class _Asked:
    weights: Weights
    tries: int = 0
    future: Any = None
    answer: Answer = field(default_factory=lambda: Answer("pending"))
    problem: tuple[str, str] | None = None


class Inquiries:
    """Answers by question, least recently used forgotten first. The caller holds `lock` when it calls `ask`.

    Parameters
    ----------
    loop, connection : Loop, Connection
    lock : context manager
    task : callable
        `mtl_core.jobs.tasks.answer`, or a stand-in.
    size : int
        Most answers remembered.
    """

    def __init__(
        self, loop: Loop, connection: Connection, lock: Any, task: Callable[..., Any], size: int = 256
    ) -> None:
        self._loop, self._connection, self._lock, self._task, self._size = loop, connection, lock, task, size
        self._asked: OrderedDict[Question, _Asked] = OrderedDict()

    def ask(self, question: Question, weights: Weights) -> Answer:
        """The answer if it is there, else "pending"; `weights` is called later, in the engine's thread."""
        asked = self._asked.get(question)
        if asked is None:
            asked = self._asked[question] = _Asked(weights)
            self._loop.post(lambda: self._submit(question, asked))
            while len(self._asked) > self._size:
                self._asked.popitem(last=False)
        self._asked.move_to_end(question)
        if asked.problem is not None:
            template, reason = asked.problem
            return Answer("failed", message=_(template).format(reason=reason))
        return asked.answer

    def resubmit(self) -> None:
        """Ask again what was under way when the connection was lost; in the engine's thread."""
        with self._lock:
            pending = [(q, asked) for q, asked in self._asked.items() if asked.answer.state == "pending"]
        for question, asked in pending:
            asked.future = None
            self._submit(question, asked)

    def _submit(self, question: Question, asked: _Asked) -> None:
        if asked.future is not None or asked.problem is not None:
            return
        weights = asked.weights()
        if weights is None:
            asked.problem = (_NOT_KEPT, "")
            return
        key = f"mtl-ask-{_digest(question, weights)}"
        arguments = (question.spec, weights, question.kind, json.loads(question.options))
        asked.tries += 1
        asked.future = self._connection.submit(
            key,
            lambda: self._loop.post(lambda: self._collect(question, asked)),
            self._task,
            *arguments,
            priority=_PRIORITY,
        )

    def _collect(self, question: Question, asked: _Asked) -> None:
        future, asked.future = asked.future, None
        if future is None:
            return
        lost = ""
        try:
            asked.answer = Answer("ready", self._connection.result(future))
        except ConnectionError as error:
            lost = str(error)
        except Exception as error:
            log.warning("A question to a worker failed: %s", error)
            asked.problem = (_NO_ANSWER, str(error).splitlines()[0][:200] if str(error) else type(error).__name__)
        self._connection.release(future)
        if lost and asked.tries == _TRIES:
            asked.problem = (_NO_ANSWER, lost)
        elif lost and self._connection.up:
            # Without a connection, `resubmit` asks again as soon as there is one.
            self._submit(question, asked)


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"an option of a question is of type {type(value).__name__}")


def _digest(question: Question, weights: tuple[Float32, ...]) -> str:
    """Equal for equal questions of any app process: by what was learned, not by who learned it."""
    found = hashlib.sha256(f"{question.spec.digest()} {question.kind} {question.options}".encode())
    for array in weights:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]
