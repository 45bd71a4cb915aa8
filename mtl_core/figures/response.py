"""How each head's loss responds when one tweet is disturbed by degrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.figures.curves import bound_lines, ceiling, colour_of, dash_of, head_colour, head_dash, no_path
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats, number, setting, share
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import N_, _
from mtl_core.palette import Theme
from mtl_core.records import BoundLines, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, Float64, other_input

__all__ = ["exhibit", "heading"]

_AXIS = {
    "permute": N_("pairs given another’s tweet"),
    "noise": N_("noise, as a share of the tweet’s sd"),
    "fade": N_("share of the tweet faded out"),
}
_FULLY_DISTURBED = {
    "permute": N_("When every pair gets another pair’s {name}"),
    "noise": N_("When noise as large as {name} itself is added to it"),
    "fade": N_("When {name} is faded out completely"),
}

Paths = Mapping[tuple[str, str], bool]


def exhibit(
    response: Response, paths: Paths, bounds: BoundLines, *, plain: bool = False, beside: Run | None = None
) -> Exhibit:
    """Loss of each head (nats) against how much of each input is disturbed: the other input in front, 95 % bands.

    Parameters
    ----------
    response : Response
    paths : mapping of (output, input) to bool
        `CallGraph.dependence()`: where there is no path, the flat line says so.
    bounds : BoundLines
        Of the model on the split that was disturbed; nats.
    plain : bool
        Show right answers in 100 instead, without bands and bounds.
    beside : Run, optional
        Another trained model: a line is drawn at what its heads get right undisturbed, in the plain charts.
    """
    if plain:
        return Exhibit(
            heading=heading(paths),
            draw=lambda colours: {head: _plain_figure(response, paths, head, colours, beside) for head in OUTPUTS},
            reading=_plain_reading(response, paths),
            rows=lambda: _plain_rows(response),
        )
    return Exhibit(
        heading=heading(paths),
        draw=lambda colours: {head: _figure(response, paths, bounds, head, colours) for head in OUTPUTS},
        reading=" ".join(filter(None, (*(_of(response, head, paths) for head in OUTPUTS), _spread(response)))),
        rows=lambda: _rows(response),
    )


def heading(paths: Paths) -> str:
    """The exhibit's heading, which is known before anything is measured."""
    if any(paths[head, other_input(head)] for head in OUTPUTS):
        return _("Disturb a tweet, and see which head suffers")
    return _("Disturb a head’s other tweet, and nothing happens to it")


def _figure(response: Response, paths: Paths, bounds: BoundLines, head: str, colours: Theme) -> Figure:
    panel = Panel(
        title=capital(names.head(head)),
        x=Axis(title=_(_AXIS[response.perturbation]), low=0, high=1, ticks=".0%"),
        y=Axis(title=_("loss (nats)"), low=0, high=ceiling(response.high.ravel(), 0.75)),
        colours=colours,
    )
    bound_lines(panel, head, bounds, stressed=False)
    for name in (OWN_INPUT[head], other_input(head)):
        place = OUTPUTS.index(head), INPUTS.index(name)
        if paths[head, name]:
            colour = head_colour(head, paths[head, other_input(head)], colours)
            panel.band(response.levels, response.low[place], response.high[place], colour)
        _curve(panel, response, paths, head, name, response.loss[place])
    return panel.figure()


def _plain_figure(response: Response, paths: Paths, head: str, colours: Theme, beside: Run | None) -> Figure:
    panel = Panel(
        title=capital(names.head(head)),
        x=Axis(title=_(_AXIS[response.perturbation]), low=0, high=1, ticks=".0%"),
        y=Axis(title=_("right answers in 100"), low=min(40.0, 100 * float(response.accuracy.min()) - 2), high=100),
        colours=colours,
    )
    if beside is not None and beside.epochs:
        right, colour = 100 * beside.epochs[-1].test[head].accuracy, colour_of(beside, head, colours)
        panel.level(right, colour, width=1.5, dash=dash_of(beside))
        panel.label(right, _("{case}, as trained").format(case=names.short_case(beside.spec.model)), colour=colours.ink)
    for name in (OWN_INPUT[head], other_input(head)):
        right = 100 * response.accuracy[OUTPUTS.index(head), INPUTS.index(name)]
        _curve(panel, response, paths, head, name, right)
    return panel.figure()


def _curve(panel: Panel, response: Response, paths: Paths, head: str, name: str, y: Float64) -> None:
    """A head under one disturbed tweet: the head keeps its colour, and the label names the tweet in that tweet's colour."""
    both = paths[head, other_input(head)]
    colour, width = head_colour(head, both, panel.colours), 1.5 if name == OWN_INPUT[head] else 3
    panel.curve(response.levels, y, name, colour, dash=head_dash(both), width=width)
    panel.label(float(y[-1]), name, _("disturbed"), colour=panel.colours.text[name])
    if not paths[head, name]:
        no_path(panel, panel.x.high, float(y[-1]), side="right")


def _plain_reading(response: Response, paths: Paths) -> str:
    """Right answers of head 1 where its other tweet is disturbed as far as it goes."""
    head = OUTPUTS[0]
    name = other_input(head)
    right = response.accuracy[OUTPUTS.index(head), INPUTS.index(name)]
    when = _(_FULLY_DISTURBED[response.perturbation]).format(name=name)
    if not paths[head, name]:
        return _("{when}, {head} does not change by one bit: no path exists.").format(when=when, head=names.head(head))
    counted = _("All of this is counted on the same {rows} unseen pairs.").format(rows=f"{response.rows:,}")
    moved = _("{when}, {head} is right on {right} instead of {before}.").format(
        when=when, head=names.head(head), right=share(right[-1]), before=share(right[0])
    )
    return f"{moved} {counted}"


def _of(response: Response, head: str, paths: Paths) -> str:
    """What disturbing the *other* tweet does to a head, then its own one."""
    row, own, other = OUTPUTS.index(head), OWN_INPUT[head], other_input(head)
    own_loss, loss = (response.loss[row, INPUTS.index(name)] for name in (own, other))
    right = response.accuracy[row, INPUTS.index(other)]
    when = _(_FULLY_DISTURBED[response.perturbation]).format(name=other)
    if not paths[head, other]:
        flat = _("{when}, {head} does not change by one bit: no path exists. The same done to {own}: loss {own_last}.")
        return flat.format(when=when, head=names.head(head), own=own, own_last=nats(own_loss[-1]))
    return _(
        "{when}, {head}’s loss goes from {first} to {last}, and it is right on {right} instead of {before}. "
        "The same done to {own}: loss {own_last}."
    ).format(
        when=when,
        head=names.head(head),
        first=number(loss[0]),
        last=nats(loss[-1]),
        right=share(right[-1]),
        before=share(right[0]),
        own=own,
        own_last=nats(own_loss[-1]),
    )


def _spread(response: Response) -> str:
    rows = f"{response.rows:,}"
    if response.perturbation == "fade":
        # Nothing is drawn at random, so there is no interval.
        return _("All losses here, undisturbed ones too, are of the same {rows} unseen pairs.").format(rows=rows)
    return _(
        "All losses here, undisturbed ones too, are of the same {rows} unseen pairs. The bands are 95 % intervals over "
        "{repeats} random disturbances; they don’t cover the choice of the pairs."
    ).format(repeats=response.repeats, rows=rows)


def _rows(response: Response) -> Sequence[Row]:
    """A row for each head, input and level (0..1): loss and its 95 % interval (nats), and the share of right answers."""
    return [
        {
            _("head"): names.head(head),
            _("disturbed"): name,
            _("level"): setting(level),
            _("loss (nats)"): float(response.loss[i, j, k]),
            _("from"): float(response.low[i, j, k]),
            _("to"): float(response.high[i, j, k]),
            _("right"): float(response.accuracy[i, j, k]),
        }
        for i, head in enumerate(OUTPUTS)
        for j, name in enumerate(INPUTS)
        for k, level in enumerate(response.levels)
    ]


def _plain_rows(response: Response) -> Sequence[Row]:
    """A row for each head, input and level (0..1): right answers in 100."""
    return [
        {
            _("head"): names.head(head),
            _("disturbed"): name,
            _("level"): setting(level),
            _("right in 100"): 100 * float(response.accuracy[i, j, k]),
        }
        for i, head in enumerate(OUTPUTS)
        for j, name in enumerate(INPUTS)
        for k, level in enumerate(response.levels)
    ]
