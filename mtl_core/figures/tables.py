"""The numbers of every figure as rows, for `st.dataframe`, a screen reader, a CSV file or the report.

A row is a dict from a column's title to a text or to a number of three significant digits; losses and costs are in nats,
"right" is a share of 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.language import _
from mtl_core.records import Response, Run, WhatIf
from mtl_core.spec import INPUTS, OUTPUTS, Float64

__all__ = [
    "Row",
    "block_scale_table",
    "compare_table",
    "jacobian_table",
    "loss_table",
    "reliance_table",
    "response_table",
    "value_of_other_table",
    "what_if_table",
]

Row = Mapping[str, str | float]
Numbers = Sequence[float] | Float64


def loss_table(run: Run, other: Run | None = None) -> list[Row]:
    """A row an epoch: test loss, share of right answers and training loss of each head; the other case's test loss."""
    rows: list[Row] = []
    others = {its.index: its for its in other.epochs} if other is not None else {}
    for epoch in run.epochs:
        row: dict[str, str | float] = {_("epoch"): epoch.index}
        for output in OUTPUTS:
            head = names.head(output)
            row[_("{head}: test loss (nats)").format(head=head)] = _three(epoch.test[output].loss)
            row[_("{head}: right").format(head=head)] = _three(epoch.test[output].accuracy)
            row[_("{head}: training loss (nats)").format(head=head)] = _three(epoch.train[output].loss)
            if other is not None and epoch.index in others:
                title = _("{head}, {case}: test loss (nats)").format(head=head, case=names.case(other.spec.model))
                row[title] = _three(others[epoch.index].test[output].loss)
        rows.append(row)
    return rows


def reliance_table(run: Run) -> list[Row]:
    """A row an epoch: what shuffling each input once costs each head."""
    return [
        {_("epoch"): epoch.index}
        | {
            _("{head}, {name} shuffled (nats)").format(head=names.head(head), name=name): _three(
                epoch.reliance[head, name]
            )
            for head in OUTPUTS
            for name in INPUTS
        }
        for epoch in run.epochs
    ]


def response_table(response: Response) -> list[Row]:
    """A row for each head, input and level: loss, its 95 % interval, and the share of right answers."""
    return [
        {
            _("head"): names.head(head),
            _("disturbed"): name,
            _("level"): _three(float(level)),
            _("loss (nats)"): _three(float(response.loss[i, j, k])),
            _("from"): _three(float(response.low[i, j, k])),
            _("to"): _three(float(response.high[i, j, k])),
            _("right"): _three(float(response.accuracy[i, j, k])),
        }
        for i, head in enumerate(OUTPUTS)
        for j, name in enumerate(INPUTS)
        for k, level in enumerate(response.levels)
    ]


def what_if_table(answer: WhatIf, other_evidence: Numbers) -> list[Row]:
    """A row for each evidence of the other tweet."""
    return [
        {
            _("evidence in the other tweet (sd)"): _three(float(evidence)),
            _("probability"): _three(float(answer.probability[k])),
            _("by the data rule"): _three(float(answer.ideal_probability[k])),
            _("expected loss (nats)"): _three(float(answer.expected_loss[k])),
        }
        for k, evidence in enumerate(other_evidence)
    ]


def block_scale_table(alphas: Numbers, losses: Float64, case2: tuple[float, float]) -> list[Row]:
    """A row for each factor of the other tweet's block, and one for the trained case 2."""
    title = _("other tweet’s weights times")
    rows: list[Row] = [
        {title: str(_three(float(alpha))), **_losses(float(losses[0, k]), float(losses[1, k]))}
        for k, alpha in enumerate(alphas)
    ]
    return [*rows, {title: _("trained case 2"), **_losses(*case2)}]


def jacobian_table(values: Float64) -> list[Row]:
    """A row for each time step: slope of each head's log odds in each input; (2 heads, 2 inputs, T)."""
    return [
        {_("time step"): step + 1}
        | {
            _("{head} by {name}").format(head=names.head(head), name=name): _three(float(values[i, j, step]))
            for i, head in enumerate(OUTPUTS)
            for j, name in enumerate(INPUTS)
        }
        for step in range(values.shape[2])
    ]


def value_of_other_table(angles: Numbers, values: Mapping[str, Numbers]) -> list[Row]:
    """A row for each angle: what the other tweet is worth under each rule."""
    title = {"additive": _("additive rule (nats)"), "match": _("match rule (nats)")}
    return [
        {_("angle (degrees)"): _three(float(angle))}
        | {title[rule]: _three(float(its[k])) for rule, its in values.items()}
        for k, angle in enumerate(angles)
    ]


def compare_table(runs: Mapping[str, Run]) -> list[Row]:
    """A row for each epoch of each of several experiments: both heads' test losses."""
    return [
        {
            _("experiment"): label,
            _("epoch"): epoch.index,
            **_losses(epoch.test[OUTPUTS[0]].loss, epoch.test[OUTPUTS[1]].loss),
        }
        for label, run in runs.items()
        for epoch in run.epochs
    ]


def _losses(first: float, second: float) -> dict[str, float]:
    return {_("head 1: loss (nats)"): _three(first), _("head 2: loss (nats)"): _three(second)}


def _three(x: float) -> float:
    """Three significant digits."""
    return float(f"{x:.3g}")
