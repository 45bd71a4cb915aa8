"""The loss of both heads, epoch by epoch, and the line below which no test loss of a model of this shape is expected."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.figures import names, recipe
from mtl_core.figures.curves import bound_lines, ceiling, colour_of, dash_of
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.learned import able, margin, taught
from mtl_core.figures.numbers import capital, nats, number, share
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import BoundLines, Epoch, Run
from mtl_core.spec import OUTPUTS

__all__ = ["exhibit"]


def exhibit(run: Run, other: Run | None, bounds: BoundLines, *, pinned: int | None = None) -> Exhibit:
    """Test loss per epoch as it arrives, beside the other case and the bounds.

    Parameters
    ----------
    run : Run
        The case on screen; may have no epoch yet.
    other : Run or None
        The other case, drawn thin behind it; None leaves it out.
    bounds : BoundLines
        Of `run`'s model on `run`'s test split; nats.
    pinned : int or None
        Index of the epoch that the rest of the page shows; None follows the newest.
    """
    epoch = run.at(pinned)
    return Exhibit(
        heading=_heading(run, bounds, epoch),
        draw=lambda colours: {head: _figure(run, other, bounds, pinned, head, colours) for head in OUTPUTS},
        reading=_reading(run, other, bounds, pinned),
        rows=lambda: _rows(run, other),
    )


def _heading(run: Run, bounds: BoundLines, epoch: Epoch | None) -> str:
    """Which heads surely beat what their own tweet alone allows; of a shape that never can, it is never said."""
    if epoch is None:
        return _("How low can each head’s loss go? Train to see")
    if epoch.index == 0:
        return _("Before any training, no head has learned anything")
    can = [head for head, may in zip(OUTPUTS, able(run, bounds), strict=True) if may]
    room = margin(run.spec.data.n_test)
    better = [head for head in can if epoch.test[head].loss < bounds.own[OUTPUTS.index(head)] - room]
    if len(better) == len(OUTPUTS):
        return _("Both heads do better than their own tweet alone allows")
    if better:
        return _("{head} does better than its own tweet alone allows").format(head=capital(names.head(better[0])))
    learning = [head for head, one in zip(OUTPUTS, taught(run.spec), strict=True) if one]
    if can and not learning:
        return _("No head learns its task: its loss does not count, or its labels are shuffled")
    if can and len(learning) < len(OUTPUTS):
        return _("{head} learns its task, and does no better yet than its own tweet alone allows").format(
            head=capital(names.head(learning[0]))
        )
    if can:
        return _("Neither head does better yet than its own tweet alone allows")
    return _("Neither head can do better than its own tweet alone allows")


def _figure(run: Run, other: Run | None, bounds: BoundLines, pinned: int | None, head: str, colours: Theme) -> Figure:
    shown = [run] if other is None else [run, other]
    losses = [epoch.test[output].loss for each in shown for epoch in each.epochs for output in OUTPUTS]
    panel = Panel(
        title=_title(head, run.at(pinned)),
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("loss (nats)"), low=0, high=ceiling(losses, 0.75)),
        colours=colours,
    )
    bound_lines(panel, head, bounds, stressed=True)
    if other is not None:
        _test_curve(panel, other, head, pinned, width=1.5)
    epochs = [epoch.index for epoch in run.epochs]
    training = [epoch.train[head].loss for epoch in run.epochs]
    panel.curve(epochs, training, _("training pairs"), colour_of(run, head, colours), dash="dot", width=1)
    _test_curve(panel, run, head, pinned, width=3)
    if pinned is not None:
        panel.moment(pinned, _("epoch {n}").format(n=pinned))
    for each, width in zip(shown, (3, 1.5), strict=False):
        name = f"{names.case(each.spec.model)} — {names.origin(each)}"
        panel.legend(name, colour_of(each, head, colours), dash=dash_of(each), width=width)
    panel.legend(_("training pairs"), colour_of(run, head, colours), dash="dot", width=1)
    return panel.figure()


def _title(head: str, epoch: Epoch | None) -> str:
    name = capital(names.head(head))
    if epoch is None:
        return name
    return _("{head}: loss {loss} at epoch {n}").format(head=name, loss=number(epoch.test[head].loss), n=epoch.index)


def _test_curve(panel: Panel, run: Run, head: str, pinned: int | None, *, width: float) -> None:
    """The curve, and a dot at the epoch shown: where that has not come, at none."""
    if not run.epochs:
        return
    x, y = [epoch.index for epoch in run.epochs], [epoch.test[head].loss for epoch in run.epochs]
    colour = colour_of(run, head, panel.colours)
    panel.curve(x, y, names.case(run.spec.model), colour, dash=dash_of(run), width=width)
    shown = run.at(pinned)
    if shown is not None:
        panel.point(shown.index, shown.test[head].loss, colour, size=3 + 2 * width)


def _reading(run: Run, other: Run | None, bounds: BoundLines, pinned: int | None) -> str:
    """How good both heads are, how good they could be, and where the other case is."""
    epoch = run.at(pinned)
    if epoch is None:
        return _join(_("No curve yet."), _floor(bounds))
    when = _("After epoch {n},").format(n=epoch.index) if epoch.index else _("Before any training,")
    heads = _("head 1 is right on {first} unseen pairs and head 2 on {second}; their losses are {losses}.").format(
        first=share(epoch.test[OUTPUTS[0]].accuracy),
        second=share(epoch.test[OUTPUTS[1]].accuracy),
        losses=_losses(epoch),
    )
    return _join(
        when, heads, _floor(bounds), _overfitting(run, epoch), _other_case(other, pinned), recipe.remarks(run.spec)
    )


def _floor(bounds: BoundLines) -> str:
    """What no model of this shape can go below, what that line coincides with, and what both tweets would allow."""
    name, floor = bounds.floor
    text = _("On unseen pairs, expect no model of this shape below {floor}: {nats}.").format(
        floor=names.bound_in_words(name), nats=_pair(*floor)
    )
    line = bounds.floor_line(0)
    if line == "both":
        return text
    same = _("Under this rule that is worth no more than each head’s own tweet alone.")
    both = _("With both tweets, {nats} would be possible.").format(nats=_pair(*bounds.both))
    return _join(text, same if line == "own" != name else "", both)


def _overfitting(run: Run, epoch: Epoch) -> str:
    """Which heads were better before, while their training loss went on falling."""
    worse = []
    for head in OUTPUTS:
        best = min((each for each in run.epochs if each.index <= epoch.index), key=lambda each: each.test[head].loss)
        rise = epoch.test[head].loss - best.test[head].loss
        if rise > margin(run.spec.data.n_test) and epoch.train[head].loss < best.train[head].loss:
            worse.append(_("{head} was better at epoch {n}").format(head=names.head(head), n=best.index))
    if not worse:
        return ""
    return _(
        "{heads}. Since then the training loss fell and the test loss rose: the training pairs are learned by heart."
    ).format(heads=capital(", ".join(worse)))


def _other_case(other: Run | None, pinned: int | None) -> str:
    if other is None:
        return ""
    epoch, case, origin = other.at(pinned), names.case(other.spec.model), names.origin(other)
    if epoch is None:
        return _("Of the other case ({case}: {origin}) there is no curve at this epoch.").format(
            case=case, origin=origin
        )
    return _("The other case ({case}; {origin}) has {losses} at epoch {n}.").format(
        case=case, origin=origin, losses=_losses(epoch), n=epoch.index
    )


def _losses(epoch: Epoch) -> str:
    return _pair(*(epoch.test[head].loss for head in OUTPUTS))


def _pair(first: float, second: float) -> str:
    """Both heads' losses, as briefly as they can be said."""
    if number(first) == number(second):
        return _("{nats} for each head").format(nats=nats(first))
    return _("{first} and {second}").format(first=number(first), second=nats(second))


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _rows(run: Run, other: Run | None) -> Sequence[Row]:
    """A row an epoch: test loss (nats), share of right answers (0..1) and training loss (nats) of each head.

    Beside each head's test loss stands the other case's, where that has the epoch.
    """
    rows: list[Row] = []
    for epoch in run.epochs:
        row: dict[str, str | int | float] = {_("epoch"): epoch.index}
        beside = None if other is None else other.at(epoch.index)
        for output in OUTPUTS:
            head = names.head(output)
            row[_("{head}: test loss (nats)").format(head=head)] = epoch.test[output].loss
            row[_("{head}: right").format(head=head)] = epoch.test[output].accuracy
            row[_("{head}: training loss (nats)").format(head=head)] = epoch.train[output].loss
            if other is not None and beside is not None:
                title = _("{head}, {case}: test loss (nats)").format(head=head, case=names.case(other.spec.model))
                row[title] = beside.test[output].loss
        rows.append(row)
    return rows
