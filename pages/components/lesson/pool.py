"""Live runs of a class: a few seeds for all, so that a hundred presses are a handful of trainings, and their spread is seen."""

from __future__ import annotations

import random

import streamlit as st

from mtl_core.figures.numbers import share
from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from mtl_core.lessons.parts import Step
from mtl_core.lessons.walkthrough import spec_of
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS

__all__ = ["SEEDS", "expected", "seed", "spread"]

SEEDS = (1, 2, 3, 4, 5, 6)
"""Of a class. People who draw the same one share its trainings."""


def seed() -> int:
    """A seed for whoever presses: one of the class's in a room, and one of their own elsewhere."""
    return random.choice(SEEDS) if st.session_state.room else random.randint(1, 9999)


def expected(step: Step) -> str:
    """What a press on "Run it live" costs, before it is made: trainings, seconds, and who is ahead."""
    health = shared().health()
    seconds = sum(each.spec.cost.seconds for each in step.experiments)
    n = len(step.experiments)
    sentence = ngettext("{n} training, about {s:.0f} s.", "{n} trainings, about {s:.0f} s.", n).format(n=n, s=seconds)
    ahead = health.running + health.queued
    if ahead:
        sentence += " " + ngettext("{n} other is ahead.", "{n} others are ahead.", ahead).format(n=ahead)
    if st.session_state.room:
        sentence += " " + _("The class shares {n} seeds.").format(n=len(SEEDS))
    return sentence


def spread(step: Step) -> None:
    """Where the class's runs ended, once there are two seeds of them: how much is chance, and how much is the model."""
    runs = [_finished(step, number) for number in (0, *SEEDS)]
    done = [each for each in runs if each]
    if len(done) < 2:
        return
    st.subheader(_("The class's runs"))
    rows = []
    for n, experiment in enumerate(step.experiments):
        rights = [each[n].epochs[-1].test[OUTPUTS[0]].accuracy for each in done]
        rows.append(
            {
                _("experiment"): experiment.label,
                _("seeds"): len(rights),
                _("head 1 right, least"): share(min(rights)),
                _("head 1 right, most"): share(max(rights)),
            }
        )
    st.dataframe(rows, hide_index=True, alt=_("The spread of the class's runs"))


def _finished(step: Step, number: int) -> list[Run]:
    """The runs of one seed, if all of them are there."""
    runs = [shared().look(spec_of(step, each.name, number)) for each in step.experiments]
    return runs if all(run.state == "finished" for run in runs) else []
