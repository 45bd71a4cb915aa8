"""The call graph of a model, from wherever a model comes: a spec, a Keras model, its config, a file, a program.

It is read from a Keras config, never from layer objects, so no Keras is needed. What it answers is in `wiring`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Self, Unpack

from mtl_core.graph.config.assemble import assemble
from mtl_core.graph.config.file import config_of_hdf5, config_of_json, config_of_zip
from mtl_core.graph.config.from_spec import two_tweets
from mtl_core.graph.config.read import read_model
from mtl_core.graph.config.untrusted import Budget, ModelFileError, step
from mtl_core.graph.draw.dot import Options, View, to_dot
from mtl_core.graph.draw.svg import svg
from mtl_core.graph.interpreter.any_file import reading_of_file
from mtl_core.graph.interpreter.reading import Reading, reading_of_program
from mtl_core.graph.training import Training
from mtl_core.graph.wiring import Wiring
from mtl_core.graph.words import findings
from mtl_core.language import _
from mtl_core.spec import HIDDEN, OUTPUTS, DataSpec, ExperimentSpec, ModelSpec

__all__ = ["CallGraph"]


@dataclass(frozen=True, kw_only=True)
class CallGraph(Training):
    """A `Wiring` that can be read from a model and drawn, and that answers for predictions and for training."""

    @classmethod
    def from_spec(cls, model: ModelSpec, data: DataSpec) -> Self:
        """The graph of the model that `mtl_core.model.build_model` makes, without Keras."""
        return cls(**assemble(two_tweets(model, data))._asdict())

    @classmethod
    def from_experiment(cls, spec: ExperimentSpec) -> Self:
        """The same graph with what is said of training: where a head's gradient stops, and what each loss weighs."""
        graph = cls.from_spec(spec.model, spec.data)
        heads = [head for head in OUTPUTS if spec.train.detach in (head, "both")]
        stops = tuple((source, reader) for head in heads for source, reader in _before_head(graph, head))
        return dataclasses.replace(
            graph, stops=stops, loss_weights=dict(zip(OUTPUTS, spec.train.loss_weights, strict=True))
        )

    @classmethod
    @step()
    def from_model(cls, model: Any) -> Self:
        """The graph of a `keras.Model`; nothing but its `get_config()` is used.

        Raises
        ------
        ModelFileError
            If it is a subclassed model, which doesn't say how its layers are connected.
        """
        kind = type(model)
        entry = {"class_name": kind.__name__, "module": kind.__module__}
        try:
            return cls.from_config(entry | {"config": model.get_config()})
        except NotImplementedError:
            raise ModelFileError(
                _("A subclassed model keeps the way its layers are connected in its code, not in its config.")
            ) from None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """The graph of a `model.get_config()`, or of a parsed `model.to_json()`.

        Raises
        ------
        ModelFileError
            If it is not the config of a functional or sequential model.
        """
        budget = Budget()
        return cls(**assemble(read_model(config, budget), budget)._asdict())

    @classmethod
    @step()
    def from_json(cls, text: str | bytes) -> Self:
        """The graph of what `model.to_json()` wrote, in Keras 2 or 3; raises `ModelFileError`."""
        return cls.from_config(config_of_json(text))

    @classmethod
    @step()
    def from_keras_file(cls, file: bytes | BinaryIO) -> Self:
        """The graph of a `.keras` file, of which only the config is read; raises `ModelFileError`."""
        return cls.from_config(config_of_zip(file))

    @classmethod
    @step()
    def from_h5(cls, file: bytes | BinaryIO) -> Self:
        """The graph of an `.h5` file of a whole model, of which only the config is read; raises `ModelFileError`."""
        return cls.from_config(config_of_hdf5(file))

    @classmethod
    @step()
    def from_file(cls, file: bytes | BinaryIO) -> Self:
        """The graph of any file that `mtl_core.graph.program.read_file` reads: of the last model that it describes.

        Raises
        ------
        ModelFileError
            If it describes none that can be read.
        """
        return cls._last(reading_of_file(file))

    @classmethod
    @step()
    def from_program(cls, text: str) -> Self:
        """The graph of the last model that a Keras program makes; `read_program` gives all of them, and what is unsure.

        Raises
        ------
        ModelFileError
            If it makes none.
        """
        reading = reading_of_program(text)
        if not reading.models:
            raise ModelFileError(reading.remarks[-1].text)
        return cls._last(reading)

    @classmethod
    def _last(cls, reading: Reading) -> Self:
        *_others, last = reading.models.values()
        return cls(**last._asdict())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook's cell shows: the drawing where Graphviz is installed, and the graph in words."""
        words = "\n".join(findings(self))
        try:
            drawing = svg(self.to_dot())
        except ModelFileError:
            drawing = ""
        return ({"image/svg+xml": drawing} if drawing else {}) | {"text/plain": words}

    def to_dot(self, view: View = "calls", **options: Unpack[Options]) -> str:
        """The graph in Graphviz's language; `mtl_core.graph.draw.dot.to_dot` says which options there are."""
        return to_dot(self, view, **options)


def _before_head(graph: Wiring, head: str) -> list[tuple[str, str]]:
    """The arrows that lead into a head's own layers: into its hidden layer if it has one."""
    call = graph[graph.head(head).call]
    while graph[call.reads[0]].name in HIDDEN:
        call = graph[call.reads[0]]
    return [(source, call.id) for source in call.reads]
