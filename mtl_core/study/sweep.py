"""A comparison as a grid of experiments: settings along the axis, in panels and as curves, each over the same seeds.

Experiments that are compared differ in one setting and share everything else, the seed too: the same rows, the same first
weights where they have the same shape, the same order of batches. So their difference is taken seed by seed, and what a seed
does to both falls out of it (a paired design: Box, Hunter and Hunter, Statistics for Experimenters, 2005, section 3.2).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from mtl_core.language import _, ngettext
from mtl_core.spec import BETWEEN, FACTORS, ExperimentSpec, Factor, SweepSpec

__all__ = ["MOST_ALONG", "MOST_PANELS", "Axis", "Cell", "Contrast", "Sweep"]

MOST_ALONG, MOST_PANELS = 6, 3
"""Values that are drawn along the axis, and panels that stand side by side."""

_NO_VALUE = object()


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting and its values, in the order in which they are drawn; no name and one value where nothing is varied."""

    name: str = ""
    values: tuple[Any, ...] = (None,)

    def put(self, spec: ExperimentSpec, value: Any) -> ExperimentSpec:
        """The experiment with one of the values."""
        return FACTORS[self.name].put(spec, value) if self.name else spec


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid: its values along the axis, of the panel and of the curve, and its experiments, one a seed."""

    along: Any
    panel: Any
    curve: Any
    specs: tuple[ExperimentSpec, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two cells that differ in one setting.

    Parameters
    ----------
    name : str
        The setting, a key of `FACTORS`.
    changed, reference : Cell
    """

    name: str
    changed: Cell
    reference: Cell

    @property
    def values(self) -> tuple[Any, Any]:
        """The setting's value in the reference, and in the changed cell."""
        return FACTORS[self.name].of(self.reference.specs[0]), FACTORS[self.name].of(self.changed.specs[0])


@dataclass(frozen=True, slots=True)
class Sweep:
    """A grid of experiments over seeds.

    Parameters
    ----------
    base : ExperimentSpec
        What all of them have but for what is varied.
    along, panels, curves : Axis
        `curves` has the setting whose values are compared at each place; where it has none, those `along` are compared
        with the first of them.
    seeds : tuple of int
    """

    base: ExperimentSpec
    along: Axis
    panels: Axis
    curves: Axis
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, base: ExperimentSpec, wanted: SweepSpec) -> tuple[Self, list[str]]:
        """The grid that a visitor asks for, and a sentence for every value that was not taken as written. Never raises.

        Parameters
        ----------
        base : ExperimentSpec
        wanted : SweepSpec
        """
        notes: list[str] = []
        along = _axis(base, wanted.vary, wanted.vary_values, MOST_ALONG, (Axis(),), notes)
        twice = wanted.also == wanted.vary
        most = len(FACTORS["merge"].knob.choices) if wanted.also == "merge" else MOST_PANELS
        second = (
            Axis()
            if twice or wanted.also == "none"
            else _axis(base, wanted.also, wanted.also_values, most, (along,), notes)
        )
        if twice:
            notes.append(_("{name} is varied already; it is not varied twice.").format(name=FACTORS[wanted.also].title))
        panels, curves = (Axis(), second) if second.name == "merge" else (second, Axis())
        if wanted.both_cases and "merge" not in (along.name, second.name):
            curves = _axis(base, "merge", BETWEEN.join(_cases(base)), 2, (along, panels), notes)
        seeds = tuple(range(wanted.first_seed, wanted.first_seed + wanted.seeds))
        return cls(base, along, panels, curves, seeds), notes

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All places, panel by panel, and in each along the axis."""
        return tuple(_grid(self).values())

    def cell(self, along: Any, panel: Any, curve: Any) -> Cell:
        """One place, by its values; `KeyError` if there is none."""
        return _grid(self)[along, panel, curve]

    @property
    def specs(self) -> tuple[ExperimentSpec, ...]:
        """All experiments, each once: those of the first seed before those of the second, so that a picture fills evenly."""
        return tuple(dict.fromkeys(cell.specs[k] for k in range(len(self.seeds)) for cell in self.cells))

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """What is compared with what: curves at each place, or else the places of each panel with its first."""
        return tuple(self._contrasts())

    def _contrasts(self) -> Iterator[Contrast]:
        for panel in self.panels.values:
            if self.curves.name:
                first, *others = self.curves.values
                for curve in others:
                    for along in self.along.values:
                        cells = self.cell(along, panel, curve), self.cell(along, panel, first)
                        yield Contrast(self.curves.name, *cells)
            else:
                first, *others = self.along.values
                for along in others:
                    yield Contrast(self.along.name, self.cell(along, panel, None), self.cell(first, panel, None))


@functools.lru_cache(maxsize=64)
def _grid(sweep: Sweep) -> Mapping[tuple[Any, Any, Any], Cell]:
    """The places by their values; a page asks for them at every tick, and an experiment takes half a millisecond to make."""
    return {
        (along, panel, curve): Cell(along, panel, curve, tuple(spec.replace(seed=seed) for seed in sweep.seeds))
        for panel in sweep.panels.values
        for along in sweep.along.values
        for curve in sweep.curves.values
        for spec in [sweep.curves.put(sweep.panels.put(sweep.along.put(sweep.base, along), panel), curve)]
    }


def _cases(base: ExperimentSpec) -> tuple[str, str]:
    return "none", base.other_case.model.merge if base.model.merge == "none" else base.model.merge


def _axis(base: ExperimentSpec, name: str, text: str, most: int, others: Sequence[Axis], notes: list[str]) -> Axis:
    """The values of a setting that a text names, each legal with all values of the other axes; none if none is."""
    factor = FACTORS[name]
    wanted = _read(factor, text, notes) if text.strip(BETWEEN + " ") else list(factor.offered)
    values, problems = [], []
    for value in wanted:
        try:
            for spec in _with_all(base, others):
                factor.put(spec, value)
        except ValueError as error:
            problems.append(f"{factor.knob.write(value)} ({error})")
        else:
            values.append(value)
    if problems:
        notes.append(
            _("{name}: left out because this experiment cannot have it: {values}.").format(
                name=factor.title, values="; ".join(problems)
            )
        )
    if len(values) > most:
        sentence = ngettext(
            "{name}: only the first {n} value is compared.", "{name}: only the first {n} values are compared.", most
        )
        notes.append(sentence.format(name=factor.title, n=most))
    return Axis(name, _ordered(factor, values)[:most]) if values else Axis()


def _with_all(base: ExperimentSpec, others: Sequence[Axis]) -> list[ExperimentSpec]:
    specs = [base]
    for axis in others:
        specs = [axis.put(spec, value) for spec in specs for value in axis.values]
    return specs


def _read(factor: Factor, text: str, notes: list[str]) -> list[Any]:
    """Each value as near as it can be; what is no value at all is said and left out."""
    values = []
    for piece in filter(None, (piece.strip() for piece in text.split(BETWEEN))):
        value, problem = factor.knob.read(piece, _NO_VALUE)
        if problem:
            legal = value is not _NO_VALUE
            used = _("{used} is used instead").format(used=factor.knob.write(value)) if legal else _("it is left out")
            sentence = _("{name} = “{text}” {problem}; {used}.")
            notes.append(sentence.format(name=factor.title, text=piece, problem=problem, used=used))
        if value is not _NO_VALUE:
            values.append(value)
    return values


def _ordered(factor: Factor, values: Sequence[Any]) -> tuple[Any, ...]:
    """Each once: numbers from small to large, choices in their own order."""
    unique = dict.fromkeys(values)
    choices = factor.knob.choices
    return tuple(sorted(unique, key=choices.index) if choices else sorted(unique))
