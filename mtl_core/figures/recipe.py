"""How a run was trained, in words, where that is not the usual way: rows without a label, tasks by turns, gradients that stop."""

from __future__ import annotations

from collections.abc import Iterator

from mtl_core.figures import names
from mtl_core.language import _
from mtl_core.spec import OUTPUTS, ExperimentSpec

__all__ = ["idle", "remarks"]


def remarks(spec: ExperimentSpec) -> str:
    """What to know of the training beside its numbers; empty where every pair has both labels and trains both tasks."""
    return " ".join(_remarks(spec))


def idle(spec: ExperimentSpec) -> list[str]:
    """A sentence for each of these settings that is changed and makes no difference to any number."""
    return [*_idle(spec)]


def _remarks(spec: ExperimentSpec) -> Iterator[str]:
    rows = spec.data.n_train
    for number, labelled in enumerate(_labelled(spec), start=1):
        if labelled < rows:
            yield _(
                "Task {n} has a label on {labelled} of {rows} training pairs; its training loss is over these, and the "
                "others add nothing to it."
            ).format(n=number, labelled=f"{labelled:,}", rows=f"{rows:,}")
    if spec.train.schedule == "alternate":
        yield _("The tasks take turns: each batch trains one of them, task 1 first, so each has half of the updates.")
    for head, output in enumerate(OUTPUTS):
        if spec.train.detach in (output, "both") and spec.train.loss_weights[head]:
            yield _("The loss of {head} trains that head, and stops before the encoders.").format(
                head=names.head(output)
            )


def _idle(spec: ExperimentSpec) -> Iterator[str]:
    recipe = spec.train
    for head, output in enumerate(OUTPUTS):
        if not recipe.loss_weights[head] and recipe.detach in (output, "both"):
            yield _("The loss of {head} weighs 0, so stopping its gradient makes no difference.").format(
                head=names.head(output)
            )
        if not recipe.loss_weights[head] and recipe.labelled[head] < 1:
            yield _("The loss of {head} weighs 0, so its labels make no difference.").format(head=names.head(output))
        elif recipe.labelled[head] < 1 and _labelled(spec)[head] == spec.data.n_train:
            yield _("That share of {rows} training pairs is all of them: it makes no difference.").format(
                rows=f"{spec.data.n_train:,}"
            )


def _labelled(spec: ExperimentSpec) -> tuple[int, int]:
    """Training rows with a label, for each task; `mtl_core.train.labelled_rows` draws as many."""
    first, second = (max(1, round(share * spec.data.n_train)) for share in spec.train.labelled)
    return first, second
