"""What Keras would refuse, said before Keras does: the line, the shapes, the axis, and what would fit.

Shapes have the batch axis in front. Where a size isn't known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mtl_core.graph.config.untrusted import Shape, shown
from mtl_core.graph.interpreter.shapes import ELEMENTWISE, axis_of, broadcast
from mtl_core.graph.interpreter.values import Kind, LayerCall, Tensor
from mtl_core.language import _

__all__ = ["check", "check_operation", "tensor_name"]


class Notes(Protocol):
    """Where what there is to say is written down."""

    def note(self, text: str, line: int = 0, kind: Kind = "unknown") -> None:
        """Say something about a line, by default the one that is being followed."""


def check(notes: Notes, call: LayerCall) -> None:
    """Note what is remarkable about a call of a layer."""
    name = call.layer.class_name
    tensors = [tensor for tensor in call.first if tensor is not None]
    shapes = [tensor.shape for tensor in tensors]
    if name == "Concatenate":
        _same_tensor(notes, tensors)
        known = [shape for shape in shapes if shape is not None]
        if len(known) == len(shapes) > 1:
            _concatenate(notes, call, known)
    elif name in ELEMENTWISE and len(shapes) > 1:
        if None not in shapes and broadcast(shapes) is None:
            notes.note(
                _("{layer} merges number by number, and {shapes} don't fit: every size must be equal, or 1.").format(
                    layer=name, shapes=_listed(shapes)
                ),
                kind="refused",
            )
    elif name == "Dot":
        _dot(notes, call, shapes)
    elif len(tensors) == 1 and shapes[0] is not None and call.layer.module == "keras.layers":
        _one(notes, call, shapes[0])


def check_operation(notes: Notes, class_name: str, args: Sequence[Any]) -> None:
    """Note an operator or a function whose tensors don't fit."""
    shapes = [arg.shape for arg in args if isinstance(arg, Tensor)]
    if class_name in _ELEMENTWISE and len(shapes) == 2 and None not in shapes and broadcast(shapes) is None:
        notes.note(
            _("{shapes} don't fit: numbers meet one by one, so that every size must be equal, or 1.").format(
                shapes=_listed(shapes)
            ),
            kind="refused",
        )


_ELEMENTWISE = frozenset({"Add", "Subtract", "Multiply", "TrueDivide", "Divide", "Maximum", "Minimum"})


def tensor_name(tensor: Tensor) -> str:
    """What a sentence calls a tensor: its variable, or the layer that makes it."""
    layer = tensor.call.layer
    return shown(layer.wishes[0] if layer.wishes and not layer.named else layer.keras_name)


def _same_tensor(notes: Notes, tensors: Sequence[Tensor]) -> None:
    twice = next((tensor for i, tensor in enumerate(tensors) if tensor in tensors[:i]), None)
    if twice:
        notes.note(
            _("Concatenates “{name}” with itself: the same numbers twice. Was another tensor meant?").format(
                name=tensor_name(twice)
            ),
            kind="note",
        )


def _concatenate(notes: Notes, call: LayerCall, shapes: Sequence[Shape]) -> None:
    axis, first = call.layer.config.get("axis", -1), shapes[0]
    if any(len(shape) != len(first) for shape in shapes):
        notes.note(
            _("Concatenate needs tensors with equally many axes, and these are {shapes}.").format(
                shapes=_listed(shapes)
            ),
            kind="refused",
        )
        return
    number = axis_of(axis, first)
    if number is None:
        notes.note(
            _("There is no axis {axis} in {shapes}.").format(axis=axis, shapes=_listed(shapes[:1])), kind="refused"
        )
        return
    odd = next((shape for shape in shapes if not _fit(first, shape, number)), None)
    if odd is not None:
        fitting = [i for i in range(1, len(first)) if all(_fit(first, shape, i) for shape in shapes)]
        text = _(
            "Concatenate along axis {axis} needs equal sizes on every other axis, and {one} and {other} differ there."
        ).format(axis=axis, one=_shown(first), other=_shown(odd))
        if fitting:
            text += " " + _("Along axis {axis} they would fit.").format(axis=fitting[-1])
        else:
            wanted = (*odd[:number], *first[number : number + 1], *odd[number + 1 :])
            wanted = tuple(size if i == number else first[i] for i, size in enumerate(wanted))
            text += " " + _("A second tensor of shape {shape} would fit, with any length on axis {axis}.").format(
                shape=_shown(wanted), axis=axis
            )
        notes.note(text, kind="refused")
    elif number == len(first) - 1 and axis == number:
        notes.note(
            _("These tensors have {rank} axes, so that axis={axis} and axis=-1 are the same axis.").format(
                rank=len(first), axis=axis
            ),
            kind="note",
        )
    elif number == 0:
        notes.note(_("Axis 0 is the batch: this puts rows below rows, not features beside features."), kind="note")
    elif number < len(first) - 1 and all(_fit(first, shape, len(first) - 1) for shape in shapes):
        lengths = [shape[number] for shape in shapes]
        made = None if None in lengths else sum(length or 0 for length in lengths)
        here = (*first[:number], made, *first[number + 1 :])
        widths = [shape[-1] for shape in shapes]
        wide = None if None in widths else sum(width or 0 for width in widths)
        notes.note(
            _(
                "Along axis {axis} this makes {here}, one behind the other; axis=-1 would make {there}, side by side."
            ).format(axis=axis, here=_shown(here), there=_shown((*first[:-1], wide))),
            kind="note",
        )


def _fit(one: Shape, other: Shape, axis: int) -> bool:
    """Whether two shapes may differ along an axis and nowhere else."""
    return all(a == b or a is None or b is None for i, (a, b) in enumerate(zip(one, other, strict=True)) if i != axis)


def _dot(notes: Notes, call: LayerCall, shapes: Sequence[Shape | None]) -> None:
    axes = call.layer.config.get("axes")
    if len(shapes) != 2 or shapes[0] is None or shapes[1] is None:
        return
    pair = axes if isinstance(axes, (list, tuple)) and len(axes) == 2 else (axes, axes)
    numbers = [axis_of(axis, shape) for axis, shape in zip(pair, (shapes[0], shapes[1]), strict=True)]
    if None in numbers:
        return
    sizes = shapes[0][numbers[0] or 0], shapes[1][numbers[1] or 0]
    if None not in sizes and sizes[0] != sizes[1]:
        notes.note(
            _("Dot multiplies along axes {axes}, where {shapes} have different sizes: {one} and {other}.").format(
                axes=tuple(pair), shapes=_listed(shapes), one=sizes[0], other=sizes[1]
            ),
            kind="refused",
        )


_RANKS: Mapping[str, int] = {
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), 3),
    **{f"{kind}{n}D": n + 2 for n in (1, 2, 3) for kind in (
        "Conv", "MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling", "ZeroPadding", "UpSampling",
        "SeparableConv", "DepthwiseConv",
    )},
    "RepeatVector": 2,
}  # fmt: skip
"""How many axes a layer wants, the batch's included."""


def _one(notes: Notes, call: LayerCall, shape: Shape) -> None:
    layer = call.layer
    wanted = _RANKS.get(layer.class_name)
    if wanted is not None and len(shape) != wanted:
        text = _("{layer} needs {wanted} axes, batch included, and gets {shape}, which has {number}.").format(
            layer=layer.class_name, wanted=wanted, shape=_shown(shape), number=len(shape)
        )
        if layer.class_name in ("LSTM", "GRU", "SimpleRNN") and len(shape) == 2:
            text += " " + _("The layer before it may need return_sequences=True, or the input one more axis for time.")
        notes.note(text, kind="refused")
        return
    width = _WIDTHS.get(layer.class_name)
    size = width(shape) if width else None
    if width is None or not shape:
        return
    if shape[-1] is None and layer.class_name == "Dense":
        notes.note(
            _("Dense needs to know the last size of what it reads, and {shape} doesn't tell it.").format(
                shape=_shown(shape)
            ),
            kind="refused",
        )
    if layer.built_for is None:
        layer.built_for = shape
    elif size is not None and (before := width(layer.built_for)) not in (None, size):
        notes.note(
            _(
                "“{layer}” was made for {before} numbers on its last axis, on its first call, and gets {now} here: {shape}."
            ).format(
                layer=shown(layer.wishes[0] if layer.wishes else layer.keras_name),
                before=before,
                now=size,
                shape=_shown(shape),
            ),
            kind="refused",
        )


def _last(shape: Shape) -> int | None:
    return shape[-1] if shape else None


_WIDTHS: Mapping[str, Callable[[Shape], int | None]] = dict.fromkeys(
    ("Dense", "LSTM", "GRU", "SimpleRNN", "BatchNormalization", "LayerNormalization"), _last
)
"""Layers whose weights fit one width only."""


def _shown(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _listed(shapes: Sequence[Shape | None]) -> str:
    texts = [_shown(shape) for shape in shapes[:6] if shape is not None]
    return texts[0] if len(texts) == 1 else _("{these} and {last}").format(these=", ".join(texts[:-1]), last=texts[-1])
