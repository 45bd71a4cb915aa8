"""The response of both heads to disturbed inputs, at size S; beside it `model.predict` on the same rows."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

from mtl_core.spec import ExperimentSpec
from tests.bench.figure import Figure

__all__ = ["answer_figures"]

_LEVELS = 11
_BUDGETS = {"permute": 1.0, "fade": 1.0, "noise": 3.0}
_REPEATS = {"permute": 8, "fade": 8, "noise": 2}
_KERAS = "predict"


def answer_figures(rounds: int, ours: ProcessPoolExecutor) -> list[Figure]:
    """Seconds of an answer: 11 levels, both inputs, 8 repeats (of noise 2), 2,048 rows.

    Keras predicts one level of one input, and is taken times levels, inputs and repeats: fading draws nothing, so it
    has one.
    """
    taken: dict[str, list[float]] = {name: [] for name in (*_BUDGETS, _KERAS)}
    for turn in range(rounds + 1):
        for name, seconds in taken.items():
            one = ours.submit(_seconds, name).result()
            if turn:  # The first one compiles.
                seconds.append(one)
    return [
        Figure(
            what=f"response, {name}, {_LEVELS} levels x 2 inputs x {_REPEATS[name]} repeats, 2,048 rows, S",
            seconds=taken[name],
            peer=[one * _LEVELS * 2 * (1 if name == "fade" else _REPEATS[name]) for one in taken[_KERAS]],
            at_most=_BUDGETS[name],
        )
        for name in _BUDGETS
    ]


def _seconds(name: str) -> float:
    from mtl_core.response import respond

    model, split = _subject()
    began = time.perf_counter()
    if name == _KERAS:
        model.predict([split.a, split.b], batch_size=1024, verbose=0)
    else:
        respond(model, split, perturbation=name, levels=_LEVELS, repeats=_REPEATS[name])
    return time.perf_counter() - began


@cache
def _subject() -> Any:
    from mtl_core.data import make_task
    from mtl_core.model import build_model

    spec = ExperimentSpec()
    return build_model(spec.model, spec.data, seed=0), make_task(spec.data, seed=0).test
