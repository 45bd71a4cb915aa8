"""From the calls of a program to the models that it makes, in the form in which Keras's own files are read.

A layer is called by the name that the program gives it; else by the variable that it, or what it made, was assigned to,
if that is told apart from all others in the model; else as Keras would call it: "dense_1".
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mtl_core.graph.config.parts import CallConfig, LayerConfig, ModelConfig, Ref
from mtl_core.graph.config.unroll import input_layer
from mtl_core.graph.config.untrusted import MAX_CALLS, MAX_ENDS, MAX_NESTED, Budget, ModelFileError, Shape
from mtl_core.graph.interpreter.calling import tensors_in
from mtl_core.graph.interpreter.checks import tensor_name
from mtl_core.graph.interpreter.freezing import frozen_late, loss_weights, trainable_layers
from mtl_core.graph.interpreter.layers import entry
from mtl_core.graph.interpreter.models import calls_behind
from mtl_core.graph.interpreter.notes import note_model
from mtl_core.graph.interpreter.sequential import chain, first_shape
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Layer, LayerCall, Model, Sequential, Tensor
from mtl_core.language import _

__all__ = ["Configs"]


class Configs:
    """Makes the configs of a trace's models; what is wrong with a model becomes a note."""

    def __init__(self, trace: Trace, budget: Budget) -> None:
        self._trace = trace
        self._budget = budget
        self._made: dict[tuple[int, int], ModelConfig] = {}
        self._thawed: set[int] = set()
        self._top = 0

    def of(self, model: Layer, depth: int = 0) -> ModelConfig:
        """The config of a model.

        Raises
        ------
        ModelFileError
            If the model is too large, or nested too deeply.
        """
        self._budget.clock()
        if depth > MAX_NESTED:
            raise ModelFileError(_("Models are nested in one another more than {most} deep.").format(most=MAX_NESTED))
        if depth == 0:
            self._top, self._thawed = id(model), trainable_layers(model, self._budget.clock)
            self._say_late(model)
        key = self._top, id(model)
        if key not in self._made:
            if isinstance(model, Sequential) and not (model.parts and "branches" in model.parts[0].attributes):
                made = self._sequential(model, depth)
            else:
                made = self._functional(model, depth)
            whole = (
                model.config.get("trainable") is not False or id(model) in self._thawed or self._trace.may_have_thawed
            )
            self._made[key] = dataclasses.replace(made, loss_weights=loss_weights(model), trainable=whole)
        return self._made[key]

    def _sequential(self, model: Sequential, depth: int) -> ModelConfig:
        if not model.parts:
            raise ModelFileError(_("The model has no layers."))
        names = _names([part for part in model.parts if not part.is_input])
        layers: dict[str, LayerConfig] = {}
        first = model.parts[0]
        if first.is_input:
            shape = first.config.get("batch_shape")
            name = first.keras_name if first.named or not first.wishes else first.wishes[0]
            layers[name] = input_layer(name, shape)
        elif (shape := first_shape(first)) is not None:
            name = f"{names[id(first)]}_input"
            layers[name] = input_layer(name, shape)
        for part in model.parts:
            if not part.is_input:
                name = names[id(part)]
                while name in layers:
                    name += "_again"
                layers[name] = dataclasses.replace(
                    self._layer(part, name, depth), unread=bool(part.unread or model.unread)
                )
                self._say_unread(part.unread, part.line)
        return ModelConfig(model.keras_name, layers, sequential=True)

    def _functional(self, model: Layer, depth: int) -> ModelConfig:
        inputs, outputs = self._ends(model)
        calls = calls_behind(outputs, set(inputs))
        if len(calls) > MAX_CALLS or max(len(inputs), len(outputs)) > MAX_ENDS:
            raise ModelFileError(_("The model has more than {most:,} calls of layers.").format(most=MAX_CALLS))
        missing = [call for call in calls if call.layer.is_input]
        for call in missing:
            self._trace.note(
                _("Graph disconnected: the model's outputs need “{name}”, and its inputs don't name it.").format(
                    name=tensor_name(call.made[0])
                ),
                model.line,
                "refused",
            )
        inputs = [*inputs, *(call.made[0] for call in missing)]
        if depth == 0:
            note_model(self._trace, model, inputs, outputs, calls)
        return self._wired(model, inputs, outputs, [call for call in calls if not call.layer.is_input], depth)

    def _ends(self, model: Layer) -> tuple[list[Tensor], list[Tensor]]:
        if isinstance(model, Model):
            return list(dict.fromkeys(model.inputs)), tensors_in(model.outputs)
        tensors = chain(self._trace, model) if isinstance(model, Sequential) else []
        if not tensors:
            raise ModelFileError(_("The model has no layers."))
        return [call.made[0] for call in calls_behind(tensors[-1:], set()) if call.layer.is_input], tensors[-1:]

    def _wired(
        self, model: Layer, inputs: Sequence[Tensor], outputs: Sequence[Tensor], calls: Sequence[LayerCall], depth: int
    ) -> ModelConfig:
        entering = {(tensor.call.serial, tensor.output): tensor.call.layer for tensor in inputs}
        names = _names([*_input_layers(inputs, self._trace), *(call.layer for call in calls)])
        own = dict(zip(entering, _input_layers(inputs, self._trace), strict=True))
        refs = {key: Ref(names[id(layer)], 0, 0) for key, layer in own.items()}
        shapes: dict[Ref, Shape] = {}
        layers = {
            names[id(layer)]: input_layer(names[id(layer)], tensor.shape)
            for layer, tensor in zip(own.values(), inputs, strict=True)
        }
        number: Counter[int] = Counter()
        place: dict[int, tuple[str, int]] = {}
        for call in calls:
            self._budget.clock()
            place[call.serial] = names[id(call.layer)], number[id(call.layer)]
            number[id(call.layer)] += 1

        def ref(tensor: Tensor) -> Ref:
            key = tensor.call.serial, tensor.output
            made = refs.get(key) or Ref(*place[tensor.call.serial], tensor.output)
            if tensor.shape is not None:
                shapes.setdefault(made, tensor.shape)
            return made

        every_input = tuple(refs.values())
        for call in calls:
            self._budget.clock()
            name = names[id(call.layer)]
            rest = tuple(map(ref, call.rest))
            doubtful = isinstance(model, Model) and model.doubtful and any(tensor.call is call for tensor in outputs)
            if call.open or doubtful:
                rest += every_input
            config = CallConfig(
                first=tuple(None if tensor is None else ref(tensor) for tensor in call.first),
                keys=call.keys,
                rest=tuple(dict.fromkeys(rest)),
                unread=bool(call.unread) or doubtful,
                index=call.index,
                inside=self._inside(call, name, depth),
                anything=call.open or doubtful,
                line=call.line,
            )
            self._say_unread(call.unread, call.line)
            for tensor in call.made:
                ref(tensor)
            before = layers.get(name) or self._layer(call.layer, name, depth)
            layers[name] = dataclasses.replace(before, calls=(*before.calls, config))
        ends = tuple(map(ref, outputs))
        keys = (
            tuple(sorted(map(str, model.outputs)))
            if isinstance(model, Model) and isinstance(model.outputs, Mapping)
            else None
        )
        if keys is not None and len(keys) != len(ends):
            keys = None
        input_keys = (
            model.input_keys if isinstance(model, Model) and len(model.input_keys or ()) == len(inputs) else None
        )
        return ModelConfig(model.keras_name, layers, tuple(map(ref, inputs)), ends, input_keys, keys, shapes)

    def _inside(self, call: LayerCall, name: str, depth: int) -> ModelConfig | None:
        """The insides of one call, as a model of what it reads; None where they aren't known."""
        if call.inside is None or call.unread or call.open:
            return None
        inputs, outputs = call.inside
        model = Model(call.layer.class_name, "own", {}, call.line, name, True)
        model.inputs, model.outputs = inputs, outputs
        return self._functional(model, depth + 1)

    def _layer(self, layer: Layer, name: str, depth: int) -> LayerConfig:
        inner = self.of(layer, depth + 1) if isinstance(layer, (Model, Sequential)) else None
        made = dataclasses.replace(entry(layer), name=name, model=inner)
        if layer.config.get("trainable") is False and (id(layer) in self._thawed or self._trace.may_have_thawed):
            made = dataclasses.replace(
                made, config={**layer.config, "trainable": True if id(layer) in self._thawed else None}
            )
        return made if inner is None else dataclasses.replace(made, class_name=_model_class(layer), module="keras")

    def _say_late(self, model: Layer) -> None:
        """Note what is frozen after the model was compiled."""
        for layer in frozen_late(model, self._budget.clock)[:1]:
            name = layer.keras_name if layer.named or not layer.wishes else layer.wishes[0]
            text = _(
                "“{name}” is frozen after this compile. Once the model was fitted, Keras takes that up only when it is "
                "compiled again, so here it counts as trainable."
            )
            self._trace.note(text.format(name=name), model.attributes.get("compiled_in", model.line), "note")

    def _say_unread(self, why: str, line: int) -> None:
        if why:
            self._trace.note(why, line)


def _model_class(layer: Layer) -> str:
    return "Sequential" if isinstance(layer, Sequential) else layer.class_name


def _input_layers(inputs: Iterable[Tensor], trace: Trace) -> list[Layer]:
    """The layer of each input; for a tensor out of the middle of another model, one that stands for it."""
    layers = []
    for tensor in inputs:
        layer = tensor.call.layer
        if not layer.is_input:
            key = f"input {tensor.output} of call {tensor.call.serial}"
            if key not in layer.attributes:
                layer.attributes[key] = trace.new(Layer, "InputLayer", "keras.layers", {}, None)
                layer.attributes[key].wishes += layer.wishes[:1]
            layer = layer.attributes[key]
        layers.append(layer)
    return layers


def _names(layers: Iterable[Layer]) -> dict[int, str]:
    """A name for each layer of a model, none twice."""
    different = list({id(layer): layer for layer in layers}.values())
    times = Counter(wish for layer in different if not layer.named for wish in set(layer.wishes))
    taken = {layer.keras_name for layer in different if layer.named}
    names: dict[int, str] = {}
    used: set[str] = set()
    for layer in different:
        wish = next((wish for wish in layer.wishes if times[wish] == 1 and wish not in taken), None)
        name = base = layer.keras_name if layer.named or wish is None else wish
        number = 1
        while name in used:
            name, number = f"{base}_{number}", number + 1
        used.add(name)
        names[id(layer)] = name
    return names
