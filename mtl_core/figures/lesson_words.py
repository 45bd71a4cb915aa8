"""The walkthrough's own figures in words; `narrate` offers them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.numbers import nats, number, share
from mtl_core.language import _
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, Float64

__all__ = ["block_scale", "compare", "jacobian", "value_of_other"]


def block_scale(alphas: Sequence[float] | Float64, losses: Float64, case2: tuple[float, float], *, scale: float) -> str:
    """Turning the other tweet's block of the kernel down, beside a case 2 that was trained without it."""
    sentence = _(
        "With the other tweet’s weights times {scale}, {head}’s loss is {now}; as trained it is {full}, with them at 0 "
        "it is {none}, and a case 2 that was trained without them has {case2}."
    )
    heads = [
        sentence.format(
            scale=number(scale),
            head=names.head(head),
            now=nats(float(np.interp(scale, alphas, losses[i]))),
            full=number(float(losses[i, -1])),
            none=number(float(losses[i, 0])),
            case2=number(case2[i]),
        )
        for i, head in enumerate(OUTPUTS)
    ]
    return " ".join([*heads, _("At 0 each head reads what case 2 reads, but it never learned to do without the rest.")])


def jacobian(values: Float64, graph_paths: Mapping[tuple[str, str], bool]) -> str:
    """Which time steps of which tweet move which head."""
    moves = _("{head} moves with {name}: by {mean} on average a step, most at step {step} ({most})")
    rests = _("{head} does not move with {name} at any step: no path exists")
    parts = []
    for i, head in enumerate(OUTPUTS):
        for j, name in enumerate(INPUTS):
            slopes, top = values[i, j], int(values[i, j].argmax())
            parts.append(
                (moves if graph_paths[head, name] else rests).format(
                    head=names.head(head),
                    name=name,
                    mean=number(float(slopes.mean())),
                    step=top + 1,
                    most=number(float(slopes[top])),
                )
            )
    return _("In log odds per unit of change: {parts}.").format(parts="; ".join(parts))


def value_of_other(
    angles: Sequence[float] | Float64, values: Mapping[str, Sequence[float] | Float64], *, angle: float, rule: str
) -> str:
    """What the other tweet is worth at this angle, and over all angles."""
    now = _("At {angle}° the other tweet is worth {nats} to a head that has its own.")
    ends = _("Under the {rule} it grows from {low} at {first}° to {high} at {last}°.")
    first, last = number(float(angles[0])), number(float(angles[-1]))
    worth = nats(_rounded(np.interp(angle, angles, values[rule])))
    rules = [
        ends.format(
            rule=names.rule(name), low=number(_rounded(its[0])), first=first, high=number(_rounded(its[-1])), last=last
        )
        for name, its in values.items()
    ]
    return " ".join([now.format(angle=number(angle), nats=worth), *rules])


def _rounded(risk: float | np.float64) -> float:
    """A risk without the dust of its integration, which is exact to 1e-4."""
    return round(float(risk), 5)


def compare(runs: Mapping[str, Run]) -> str:
    """Where each of several experiments ended, as a list."""
    return "\n".join(f"* {_ended(run, label)}" for label, run in runs.items())


def _ended(run: Run, label: str) -> str:
    if not run.epochs:
        return _("{label}: not trained yet.").format(label=label)
    last = run.epochs[-1]
    first, second = (last.test[output] for output in OUTPUTS)
    sentence = _(
        "{label}: after epoch {n}, head 1 is right on {right1} unseen pairs ({loss1}) and head 2 on {right2} ({loss2})."
    )
    return sentence.format(
        label=label,
        n=last.index,
        right1=share(first.accuracy),
        loss1=nats(first.loss),
        right2=share(second.accuracy),
        loss2=nats(second.loss),
    )
