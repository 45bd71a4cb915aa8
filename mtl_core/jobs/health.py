"""What a teacher wants to know before the lesson, and a page before it promises anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Health"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the engine, about a second old.

    Parameters
    ----------
    workers : int
        Worker processes that are connected.
    warm : bool
        Whether there is a worker and each has loaded Keras and compiled the usual shapes.
    queued, running : int
        Trainings that wait and that run, of all app processes on this cluster.
    memory, memory_limit : int
        Bytes that the fullest worker uses, and may use.
    store : str
        Folder of the finished runs; empty if they are in memory only.
    problem : str
        A sentence for the visitor; empty if there is none.
    versions : mapping of str to str
        Engine, Keras, TensorFlow and machine.
    """

    workers: int = 0
    warm: bool = False
    queued: int = 0
    running: int = 0
    memory: int = 0
    memory_limit: int = 0
    store: str = ""
    problem: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
