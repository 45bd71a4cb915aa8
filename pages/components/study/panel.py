"""How far a comparison is, the one button that starts or stops it, and its picture, which fills as results come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from mtl_core.inspect.markdown import plain
from mtl_core.language import _, ngettext
from mtl_core.records import Run, Score
from mtl_core.spec import ExperimentSpec
from pages.components.shell.live import USUALLY, live
from pages.components.study import plan

__all__ = ["show"]

_MINUTE = 90
"""Seconds from which on minutes are said."""


def show(specs: tuple[ExperimentSpec, ...], draw: Callable[[Mapping[ExperimentSpec, Score]], None]) -> None:
    """A comparison of these experiments.

    Parameters
    ----------
    specs : tuple of ExperimentSpec
        Its runs, each once, in the order in which they are trained.
    draw : callable
        Draws what is known of them.
    """
    without_numbers = plan.look_for(specs)

    def panel() -> bool:
        current = plan.under_way(specs)
        run = plan.advance(current) if current else None
        scores = plan.known(specs)
        problems = current.problems if current else without_numbers
        left = [spec for spec in specs if spec not in scores and spec not in problems]
        with st.container(key="runs"):
            if run is not None:
                _going(len(specs), left, run)
            else:
                failed = [spec for spec, run in problems.items() if run.state == "failed"]
                _standing(specs, left, failed, len(scores))
            if problems:
                _problems([run.message for run in problems.values()])
        draw(scores)
        return run is not None

    going = plan.under_way(specs) is not None
    live(panel, now=going, busy=going, every=USUALLY)


def _standing(
    specs: tuple[ExperimentSpec, ...], new: Sequence[ExperimentSpec], failed: Sequence[ExperimentSpec], known: int
) -> None:
    """Before it starts: how many runs, and how long. What failed can be tried again; what diverged would again."""
    most, left = plan.most_runs(), [*new, *failed]
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        _("Try again") if failed and not new else _("Start"),
        key="start",
        type="primary",
        disabled=not left or len(left) > most,
        on_click=plan.begin,
        help=_("Trains what is missing, one run after the other. Everybody’s own runs go first, yours too."),
    )
    if known == len(specs):
        row.caption(_("All {n} runs are known: nothing has to be trained.").format(n=known))
    elif not left:
        row.caption(_("{n} of {all} runs are known, and the others gave no numbers.").format(n=known, all=len(specs)))
    elif len(left) > most:
        sentence = _(
            "{n} of {all} runs would have to be trained. This server trains at most {most} for a comparison: choose fewer values "
            "or seeds."
        )
        row.caption(sentence.format(n=len(left), all=len(specs), most=most))
    else:
        sentence = _("{all} runs: {known} known already, {n} to be trained, which takes about {time}.")
        row.caption(sentence.format(all=len(specs), known=known, n=len(left), time=_time(left)))


def _going(count: int, left: Sequence[ExperimentSpec], run: Run) -> None:
    done = count - len(left)
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(_("Stop"), key="stop", on_click=plan.stop)
    text = _("{done} of {all} runs; about {time} left.").format(done=done, all=count, time=_time(left))
    row.progress(done / count, text=f"{text} {_waiting(run)}".strip())
    st.caption(_("It goes on while this page is open. What is finished is kept."))


def _waiting(run: Run) -> str:
    if run.message:
        return run.message
    if run.state == "queued" and run.wait is None:
        return _("Waiting for the training engine.")
    if run.state == "queued" and run.position:
        return ngettext("{n} run is ahead.", "{n} runs are ahead.", run.position).format(n=run.position)
    return ""


def _problems(reasons: Sequence[str]) -> None:
    sentence = ngettext("{n} run gave no numbers. {why}", "{n} runs gave no numbers. The first: {why}", len(reasons))
    st.warning(plain(sentence.format(n=len(reasons), why=reasons[0])))


def _time(specs: Sequence[ExperimentSpec]) -> str:
    """How long they are expected to take, one after the other."""
    seconds = sum(spec.cost.seconds for spec in specs)
    if seconds < _MINUTE:
        return _("{n:.0f} s").format(n=seconds)
    return _("{n:.0f} min").format(n=seconds / 60)
