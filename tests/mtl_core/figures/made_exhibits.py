"""Exhibits of made records, and what tests look for in them."""

from __future__ import annotations

import numpy as np

from mtl_core.figures import (
    blocks,
    compare,
    coupling,
    dependence,
    grid,
    learning,
    loss,
    pulls,
    reliance,
    response,
    sharing,
    votes,
    what_if,
)
from mtl_core.figures.differences import Change
from mtl_core.figures.exhibit import Exhibit
from mtl_core.graph import CallGraph
from mtl_core.palette import LIGHT
from mtl_core.records import Estimate, Run
from mtl_core.spec import OUTPUTS, ExperimentSpec
from tests.mtl_core.made_runs import EVIDENCE, LEVELS, bounds_for, paths_of, response_of, run_of, what_if_of, with_pulls

CASE1 = ExperimentSpec().replace(tweets="numbers")
CASE2 = CASE1.other_case
MATCH = CASE1.replace(rule="match", mixing_deg=90.0)
SCALED = np.stack([1.1 - 0.8 * LEVELS, 1.0 - 0.7 * LEVELS])

LEVELS_OVER_SEEDS = (Estimate.of([0.3, 0.31, 0.29]), Estimate.of([0.5, 0.52, 0.47]), None)
DIFFERENCES = (Estimate.of([0.1, 0.12, 0.11]), Estimate.of([0.01, -0.02, 0.0]), Estimate.of([0.0] * 3))
SEEDED = grid.exhibit(
    {
        panel: [
            grid.Curve(
                name,
                tuple(grid.Place(a, 3, b) for a, b in zip(LEVELS_OVER_SEEDS, DIFFERENCES, strict=True)),
                dash,
            )
            for name, dash in (("case 1", "solid"), ("not connected", "dash"))
        ]
        for panel in ("4 units", "16 units")
    },
    "angle",
    ("0°", "45°", "90°"),
    [Change("concatenation", dict(zip(("at 0°", "at 45°", "at 90°"), DIFFERENCES, strict=True)))],
    measured="loss",
    output="predictions1",
)

SURE, NONE = DIFFERENCES[0], DIFFERENCES[2]
LEVEL = grid.Place(LEVELS_OVER_SEEDS[0], 3)
DONE = {"noise": ("noise", "shuffling the labels of task 2"), "off": ("weight 0", "giving task 2 a loss weight of 0")}

EXHIBITS: dict[str, Exhibit] = {
    "loss": loss.exhibit(run_of(CASE1), run_of(CASE2, source="recorded"), bounds_for(CASE1), pinned=2),
    "loss, nothing yet": loss.exhibit(Run(spec=CASE2), None, bounds_for(CASE2)),
    "loss, match": loss.exhibit(run_of(MATCH), None, bounds_for(MATCH)),
    "reliance": reliance.exhibit(run_of(CASE2), pinned=1),
    "reliance, nothing yet": reliance.exhibit(Run(spec=CASE1)),
    "response": response.exhibit(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1)),
    "response, right answers": response.exhibit(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), plain=True),
    "response, beside another": response.exhibit(
        response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), plain=True, beside=run_of(CASE2)
    ),
    "learning": learning.exhibit(run_of(CASE1), run_of(CASE2), (0.92, 0.92), (0.75, 0.75), pinned=1),
    "response, no path": response.exhibit(response_of(CASE2), paths_of(CASE2), bounds_for(CASE2)),
    "what if": what_if.exhibit(what_if_of(connected=False), EVIDENCE, output=OUTPUTS[1], at=-1.0, connected=False),
    "dependence": dependence.exhibit(run_of(CASE1), paths_of(CASE1), bounds_for(CASE1), response_of(CASE1), epoch=3),
    "dependence, nothing yet": dependence.exhibit(Run(spec=CASE2), paths_of(CASE2), bounds_for(CASE2)),
    "blocks": blocks.exhibit(LEVELS, SCALED, (0.56, 0.55), scale=0.4),
    "votes": votes.exhibit(["A. Yes", "B. No", "C. Both"], (40, 31, 2), (9, 70, 0), right=1),
    "votes, first": votes.exhibit(["A. Yes", "B. No"], (4, 1), None, right=None),
    "pulls": pulls.exhibit(with_pulls(run_of(CASE1)), with_pulls(run_of(CASE2)), pinned=2),
    "pulls, separate": pulls.exhibit(with_pulls(run_of(CASE1.replace(encoder="separate")))),
    "pulls, nothing shared": pulls.exhibit(with_pulls(run_of(CASE2.replace(encoder="separate")))),
    "pulls, not measured": pulls.exhibit(run_of(CASE1)),
    "pulls, nothing yet": pulls.exhibit(Run(spec=CASE1)),
    "coupling": coupling.exhibit(CallGraph.from_experiment(CASE1)),
    "coupling, cut": coupling.exhibit(
        CallGraph.from_experiment(CASE2.replace(detach="predictions2", loss_weights=(0, 1)))
    ),
    "compare": compare.exhibit({"World": {"alone": run_of(CASE1), "other way": run_of(CASE2)}}),
    "over seeds": SEEDED,
    "over seeds, nothing yet": grid.exhibit(
        {"": [grid.Curve("", (grid.Place(None, 5),))]}, "angle", ("0°",), [], measured="right", output="predictions2"
    ),
    "sharing, ties": sharing.ties(
        {"separate": [LEVEL] * 3, "shared": [LEVEL] * 3},
        {"none": SURE, "concatenate": DIFFERENCES[1]},
        {"separate": SURE, "shared": SURE},
        NONE,
    ),
    "sharing, interventions": sharing.interventions(
        "separate",
        DONE,
        {merge: {name: grid.Place(gap, 3) for name in DONE} for merge, gap in (("none", NONE), ("concatenate", SURE))},
    ),
    "sharing, capacity": sharing.capacity(
        {output: {1: [LEVEL, LEVEL], 4: [LEVEL, LEVEL]} for output in OUTPUTS},
        (0.0, 10.0),
        {f"{output} {units}": SURE for output in OUTPUTS for units in (1, 4)},
    ),
    "sharing, nothing yet": sharing.interventions(
        "shared", DONE, {merge: {name: grid.Place(None, 3) for name in DONE} for merge in ("none", "concatenate")}
    ),
    "compare, nothing yet": compare.exhibit({"": {"alone": Run(spec=CASE1)}}),
}


def drawn(exhibit: Exhibit, part: int = 0) -> dict:
    """One of an exhibit's charts, in the light theme."""
    return [*exhibit.draw(LIGHT).values()][part]


def words(figure: dict) -> list[str]:
    """All that is written in a chart, axes apart."""
    return [note["text"] for note in figure["layout"]["annotations"]]


def curve(figure: dict, name: str) -> dict:
    """The one curve of this name in a chart."""
    (found,) = [trace for trace in figure["data"] if trace.get("name") == name]
    return found
