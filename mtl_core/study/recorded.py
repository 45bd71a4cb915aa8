"""Recorded scores that ship with the app, so that a comparison has numbers before any run.

One file, `assets/study/scores.json`, with the settings of each run as a link has them, its score, and the versions that
computed it. `assets/study/make_study.py` records it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mtl_core.records import Score
from mtl_core.spec import ExperimentSpec, SweepSpec
from mtl_core.study import sharing
from mtl_core.study.sweep import Sweep

__all__ = ["FILE", "made_by", "plain", "read", "recorded", "wanted"]

FILE = Path(__file__).parents[2] / "assets" / "study" / "scores.json"


@functools.cache
def recorded() -> Mapping[ExperimentSpec, Score]:
    """The recorded scores."""
    return MappingProxyType(read(FILE))


def wanted() -> tuple[ExperimentSpec, ...]:
    """What is recorded, each once: the study of sharing, and what the page for comparisons shows first."""
    first, _notes = Sweep.of(ExperimentSpec(), SweepSpec())
    return tuple(dict.fromkeys((*sharing.specs(), *first.specs)))


def read(file: Path) -> dict[ExperimentSpec, Score]:
    """The scores in a file; an error if anything in it is not as `plain` writes it."""
    return {_spec(each["link"]): Score.from_plain(each) for each in _content(file)["scores"]}


def made_by(file: Path = FILE) -> Mapping[str, str]:
    """Versions and machine, as `mtl_core.records.versions` names them."""
    return dict(_content(file)["versions"])


def plain(scores: Mapping[ExperimentSpec, Score], versions: Mapping[str, str]) -> str:
    """Scores as the file has them: a line for each."""
    lines = [json.dumps({"link": spec.to_query(), **score.to_plain()}) for spec, score in scores.items()]
    return f'{{"versions": {json.dumps(dict(versions))},\n"scores": [\n' + ",\n".join(lines) + "\n]}\n"


def _content(file: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(file.read_text())
    return content


def _spec(link: Mapping[str, str]) -> ExperimentSpec:
    spec, notes = ExperimentSpec.from_query(link)
    if notes:
        raise ValueError(" ".join(notes))
    return spec
