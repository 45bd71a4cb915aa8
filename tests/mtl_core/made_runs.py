"""Records made by hand, for tests of what is drawn and said about them."""

from __future__ import annotations

import dataclasses

import numpy as np

from mtl_core.records import BoundLines, Epoch, HeadMetrics, Pull, Response, Run, WhatIf
from mtl_core.spec import ENCODERS, INPUTS, OUTPUTS, OWN_INPUT, ExperimentSpec
from mtl_core.theory import bayes_risk, bound_lines

LEVELS = np.linspace(0, 1, 11)
EVIDENCE = np.linspace(-3, 3, 61)


def epoch_of(spec: ExperimentSpec, index: int, test: float, train: float | None = None, right: float = 0.9) -> Epoch:
    """An epoch with these losses in both heads; where no path exists, shuffling costs exactly nothing."""
    return Epoch(
        index,
        0.1 * index,
        train={head: HeadMetrics(test - 0.01 if train is None else train, right) for head in OUTPUTS},
        test={head: HeadMetrics(test, right) for head in OUTPUTS},
        reliance={key: 0.1 * index if path else 0.0 for key, path in paths_of(spec).items()},
    )


def run_of(spec: ExperimentSpec, losses=(0.7, 0.5, 0.4, 0.3), **fields) -> Run:
    """A run whose test losses, in both heads, are these."""
    epochs = tuple(epoch_of(spec, i, loss) for i, loss in enumerate(losses))
    return Run(spec=spec, epochs=epochs, **({"state": "finished"} | fields))


def with_pulls(run: Run, cosines=(0.5, 0.25, -0.25, -0.5)) -> Run:
    """The run, its epochs with pulls of these cosines at every weight of the encoders that both losses reach."""
    spec = run.spec
    separate = spec.model.encoder == "separate" and spec.model.merge == "none"
    layers = dict.fromkeys(ENCODERS[spec.model.encoder])
    weights = [(layer, part) for layer in layers for part in ("kernel", "recurrent_kernel", "bias")]
    none_shared = separate or spec.train.detach != "none"
    epochs = []
    for epoch, cosine in zip(run.epochs, cosines, strict=False):
        applied = (0.5, -0.25) if epoch.index else (None, None)
        pulls = {
            name: None if none_shared else Pull(0.0 if cosine is None else i / 8, i / 4, cosine, *applied)
            for i, name in enumerate(weights, start=1)
        }
        epochs.append(dataclasses.replace(epoch, gradients=pulls | {("predictions1", "kernel"): None}))
    return dataclasses.replace(run, epochs=tuple(epochs))


def paths_of(spec: ExperimentSpec) -> dict[tuple[str, str], bool]:
    """Which head can read which input, from the definition of the two cases."""
    joined = spec.model.merge != "none"
    return {(head, name): joined or name == OWN_INPUT[head] for head in OUTPUTS for name in INPUTS}


def bounds_for(spec: ExperimentSpec) -> BoundLines:
    """The lines of the spec's model, from the risks."""
    return bound_lines(spec.model, spec.data, bayes_risk(spec.data))


def response_of(spec: ExperimentSpec, perturbation: str = "permute") -> Response:
    """A response that rises by 1 nat where a path exists, and else is flat to the last bit."""
    rise = np.array([[paths_of(spec)[head, name] for name in INPUTS] for head in OUTPUTS], dtype=float)
    loss = 0.25 + rise[:, :, None] * LEVELS
    spread = 0.02 * rise[:, :, None] * LEVELS
    right, changed = 0.91 - 0.2 * rise[:, :, None] * LEVELS, 0.3 * rise[:, :, None] * LEVELS
    return Response(perturbation, LEVELS, loss, loss - spread, loss + spread, right, 8, 2048, changed)


def what_if_of(*, connected: bool) -> WhatIf:
    """A head that follows the other tweet's evidence, or cannot."""
    ideal = 1 / (1 + np.exp(-4 * EVIDENCE))
    said = 1 / (1 + np.exp(-3 * EVIDENCE)) if connected else np.full_like(EVIDENCE, 0.8)
    return WhatIf(said, -ideal * np.log(said) - (1 - ideal) * np.log(1 - said), ideal)
