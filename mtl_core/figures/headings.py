"""Headings that state a finding: each is computed from the run on screen, and says less where the run shows less."""

from __future__ import annotations

from mtl_core.figures import names
from mtl_core.figures.numbers import capital, drop, share
from mtl_core.language import _
from mtl_core.records import BoundLines, Epoch, Response, Run
from mtl_core.spec import OUTPUTS, ModelSpec

__all__ = ["learning", "reading", "reliance", "responding"]

_MARGIN = 0.02
"""Nats: two standard errors of a loss on 2,048 rows; what is closer to a line is said to be at it."""


def reading(model: ModelSpec, response: Response | None) -> str:
    """Over the matrix of heads and inputs: what the other tweet's loss means to head 1."""
    if response is None:
        return _("What each head can read")
    if model.merge == "none":
        return _("Shuffle tweet_b, and head 1 loses nothing: no path exists")
    right = response.accuracy[0, 1]
    lost = drop(right)
    if lost <= 0:
        return _("Shuffle tweet_b, and head 1 gives no fewer right answers")
    return _("Shuffle tweet_b, and head 1 gives {lost} fewer right answers").format(lost=share(lost))


def learning(run: Run, bounds: BoundLines, epoch: Epoch | None) -> str:
    """Over the learning curves: which heads beat what their own tweet alone allows."""
    if epoch is None:
        return _("How low can each head’s loss go? Train to see")
    if epoch.index == 0:
        return _("Before any training, no head has learned anything")
    better = [head for i, head in enumerate(OUTPUTS) if epoch.test[head].loss < bounds.own[i] - _MARGIN]
    if len(better) == len(OUTPUTS):
        return _("Both heads do better than their own tweet alone allows")
    if better:
        return _("{head} does better than its own tweet alone allows").format(head=capital(names.head(better[0])))
    if run.spec.model.merge == "none":
        return _("Neither head gets below what its own tweet alone allows")
    return _("Neither head does better yet than its own tweet alone allows")


def reliance(model: ModelSpec) -> str:
    """Over the cost of one shuffle per epoch."""
    if model.merge == "none":
        return _("At every epoch, shuffling the other tweet costs exactly nothing")
    return _("How much each head comes to rely on each tweet")


def responding(model: ModelSpec) -> str:
    """Over the response to disturbed inputs."""
    if model.merge == "none":
        return _("Disturb the other tweet, and nothing happens")
    return _("Disturb a tweet, and see which head suffers")


def what_if() -> str:
    """Over one head's answer while the other tweet's evidence slides."""
    return _("What if the other tweet said something else?")
