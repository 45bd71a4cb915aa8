"""What is remarkable about a whole model: orders of concatenation, inputs that every head sees anyway, losses that weigh nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.graph.interpreter.checks import tensor_name
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Layer, LayerCall, Tensor
from mtl_core.language import _

__all__ = ["note_model"]


def note_model(
    trace: Trace, model: Layer, inputs: Sequence[Tensor], outputs: Sequence[Tensor], calls: Sequence[LayerCall]
) -> None:
    """Note what is remarkable about a model.

    Parameters
    ----------
    trace : Trace
    model : Layer
    inputs, outputs : sequence of Tensor
    calls : sequence of LayerCall
        All its calls, in the order in which they were made.
    """
    merges = [call for call in calls if call.layer.class_name == "Concatenate"]
    _orders(trace, merges)
    if len(inputs) == 1 and len(outputs) > 1 and merges:
        trace.note(
            _(
                "This model has one input, which every head sees with or without a merge: "
                "concatenation changes nothing here that a head could see."
            ),
            model.line,
            "note",
        )
    _loss_weights(trace, model, len(outputs))


def _orders(trace: Trace, merges: Sequence[LayerCall]) -> None:
    """Say where the same tensors are joined in another order."""
    first: dict[frozenset[tuple[int, int]], LayerCall] = {}
    for call in merges:
        order = [(tensor.call.serial, tensor.output) for tensor in call.first if tensor is not None]
        before = first.setdefault(frozenset(order), call)
        if order != [(tensor.call.serial, tensor.output) for tensor in before.first if tensor is not None]:
            trace.note(
                _(
                    "Line {line} joins the same tensors as [{before}], this one as [{now}]: the same numbers, in other "
                    "places. Each head sees the same inputs; a layer that reads both takes one for the other."
                ).format(line=before.line, before=_names(before), now=_names(call)),
                call.line,
                "note",
            )


def _names(call: LayerCall) -> str:
    return ", ".join(tensor_name(tensor) for tensor in call.first if tensor is not None)


def _loss_weights(trace: Trace, model: Layer, outputs: int) -> None:
    weights = model.attributes.get("loss_weights")
    values = list(weights.values()) if isinstance(weights, Mapping) else weights
    line = model.attributes.get("compiled_in", model.line)
    if not isinstance(values, (list, tuple)):
        return
    if any(isinstance(value, (int, float)) and value == 0 for value in values):
        trace.note(_("A loss that weighs 0 changes no weights."), line, "note")
    if not isinstance(weights, Mapping) and len(values) != outputs:
        trace.note(
            _("There are {weights} loss weights for {outputs} outputs.").format(weights=len(values), outputs=outputs),
            line,
            "refused",
        )
