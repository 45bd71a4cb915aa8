"""Layers that prepare pictures, sounds, words and categories."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mtl_core.graph.config.layers.convolution import windowed
from mtl_core.graph.config.layers.rule import (
    Config,
    Outputs,
    Rule,
    Shapes,
    Unknown,
    channels,
    first,
    flag,
    one_output,
    same_shape,
    weightless,
    whole,
)
from mtl_core.graph.config.untrusted import Shape, as_list

__all__ = ["RULES"]


def _image_axes(config: Config, shape: Shape) -> tuple[int, int]:
    """Where height and width stand; a picture may come without its batch axis."""
    if len(shape) not in (3, 4):
        raise Unknown
    return (-3, -2) if channels(config) == -1 else (-2, -1)


def _resized(config: Config, shape: Shape) -> Shape:
    made = list(shape)
    for axis, key in zip(_image_axes(config, shape), ("height", "width"), strict=True):
        made[axis] = whole(config, key)
    return tuple(made)


def _stretched(axis: int) -> Outputs:
    """Keras 2's layers that draw a new height or width for each batch."""

    def shape(config: Config, shape: Shape) -> Shape:
        if len(shape) != 4:
            raise Unknown
        made = list(shape)
        made[axis] = None
        return tuple(made)

    return one_output(shape)


def _encoded(depth: Callable[[Config], int | None]) -> Outputs:
    """Numbers stay as they are, or each becomes a row of `depth` zeros and ones; or a row of them becomes one."""

    def shape(config: Config, shape: Shape) -> Shape:
        mode = config.get("output_mode")
        if mode == "int":
            return shape
        if mode not in ("one_hot", "multi_hot", "count", "tf_idf", "tf-idf", "binary"):
            raise Unknown
        replaced = len(shape) > 1 and (mode != "one_hot" or shape[-1] == 1)
        return (*(shape[:-1] if replaced else shape), depth(config))

    return one_output(shape)


def _vocabulary(config: Config) -> int | None:
    """The number of tokens; None before the layer has learned them."""
    if flag(config, "pad_to_max_tokens", False):
        return whole(config, "max_tokens")
    return whole(config, "vocabulary_size") if config.get("vocabulary") is not None else None


def _bins(config: Config) -> int:
    edges = as_list(config.get("bin_boundaries"))
    return whole(config, "num_bins") if edges is None else len(edges) + 1


def _text(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """One row of numbers a text, as long as the longest where no length is set; or one row of its tokens."""
    shape = first(shapes)
    if config.get("ragged"):
        raise Unknown
    if config.get("output_mode") != "int":
        return ((shape[0], _vocabulary(config)),)
    length = config.get("output_sequence_length")
    return ((shape[0], None if length is None else whole(config, "output_sequence_length")),)


def _mel(config: Config, shape: Shape) -> Shape:
    if len(shape) not in (1, 2):
        raise Unknown
    step, n = whole(config, "sequence_stride"), shape[-1]
    if not step:
        raise Unknown
    return (*shape[:-1], whole(config, "num_mel_bins"), None if n is None else (n + step + 1) // step)


def _frequencies(config: Config) -> int:
    length = config.get("fft_length")
    return (whole(config, "frame_length") if length is None else whole(config, "fft_length")) // 2 + 1


def _fourier(config: Config, _shapes: Shapes) -> int:
    """A window of sines and one of cosines for each frequency, or one of the two."""
    return whole(config, "frame_length") * _frequencies(config) * (1 if config.get("mode") in ("real", "imag") else 2)


def _fourier_shape(config: Config, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise Unknown
    behind = channels(config) == -1
    inputs = shape[channels(config)]
    made = _frequencies(config) * (2 if config.get("mode") == "stft" else 1)
    step = whole(config, "frame_length") // 2 if config.get("frame_step") is None else whole(config, "frame_step")
    length = windowed([shape[1 if behind else 2]], [whole(config, "frame_length")], [step], [1], config.get("padding"))[
        0
    ]
    if flag(config, "expand_dims", False):
        return (shape[0], length, made, inputs) if behind else (shape[0], inputs, length, made)
    total = None if inputs is None else made * inputs
    return (shape[0], length, total) if behind else (shape[0], total, length)


def _rule(outputs: Outputs, *needs: str) -> Rule:
    return Rule(count=weightless, outputs=outputs, needs=needs)


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(
        (
            "AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Equalization", "MixUp",
            "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
            "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHue",
            "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation",
            "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom", "Rescaling", "Solarization",
        ),
        _rule(same_shape),
    ),
    **dict.fromkeys(("CenterCrop", "RandomCrop", "Resizing"), _rule(one_output(_resized), "height", "width")),
    "RandomHeight": _rule(_stretched(-3), "factor"),
    "RandomWidth": _rule(_stretched(-2), "factor"),
    "CategoryEncoding": _rule(_encoded(lambda config: whole(config, "num_tokens")), "num_tokens"),
    "Discretization": _rule(_encoded(_bins), "bin_boundaries"),
    **dict.fromkeys(("Hashing", "HashedCrossing"), _rule(_encoded(lambda config: whole(config, "num_bins")), "num_bins")),
    **dict.fromkeys(("IntegerLookup", "StringLookup"), _rule(_encoded(_vocabulary), "max_tokens", "num_oov_indices")),
    "TextVectorization": _rule(_text, "max_tokens", "output_mode"),
    "MelSpectrogram": _rule(one_output(_mel), "num_mel_bins"),
    "STFTSpectrogram": Rule(count=_fourier, outputs=one_output(_fourier_shape), needs=("frame_length", "mode")),
}  # fmt: skip
