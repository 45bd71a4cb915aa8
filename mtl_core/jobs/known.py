"""Finished runs, wherever they are: on disk, or shipped with the app."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from mtl_core.jobs.store import Store
from mtl_core.records import Gallery, Head, Outcome, Run, decode_head, run_key
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["Known"]

_REMEMBERED = 256

Weights = Callable[[], tuple[Float32, ...] | None]


class Known:
    """Finished runs by key, for any number of threads.

    Parameters
    ----------
    store : Store
    gallery : Gallery
    """

    def __init__(self, store: Store, gallery: Gallery) -> None:
        self._store, self._gallery = store, gallery
        self._lock = threading.Lock()
        self._heads: OrderedDict[str, Head] = OrderedDict()

    def stored(self, key: str) -> Head | None:
        """What is stored about a run."""
        with self._lock:
            head = self._heads.get(key)
        head = head or self._store.head(key)
        if head:
            self._remember(key, head)
        return head

    def recorded(self, spec: ExperimentSpec) -> Run | None:
        """The run that ships with the app."""
        head = self._gallery.head(spec)
        return replace(head.run, source="recorded") if head else None

    def keep(self, key: str, outcome: Outcome) -> Run:
        """Store what a worker sent; `ValueError` if it cannot be read."""
        head = decode_head(outcome.head)
        self._store.put(key, outcome.head, outcome.body.tobytes())
        self._remember(key, head)
        return replace(head.run, source="live")

    def weights(self, spec: ExperimentSpec, epoch: int) -> tuple[str, Weights] | None:
        """A name for the run that has this epoch's weights, and how to read them; None if they are not kept.

        A stored run goes before a recorded one, as it does on screen.
        """
        key = run_key(spec)
        stored = self.stored(key)
        if stored:
            read = functools.partial(self._store.weights, key, epoch)
            return (f"{key} {stored.attempt}", read) if epoch in stored.run.kept else None
        recorded = self._gallery.head(spec)
        if recorded and epoch in recorded.run.kept:
            return "recorded", functools.partial(self._gallery.weights, spec, epoch)
        return None

    def _remember(self, key: str, head: Head) -> None:
        with self._lock:
            self._heads[key] = head
            self._heads.move_to_end(key)
            while len(self._heads) > _REMEMBERED:
                self._heads.popitem(last=False)
