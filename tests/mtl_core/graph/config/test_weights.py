"""A count or a shape is Keras's, or it isn't given."""

import keras
import numpy as np
import pytest
from keras import layers

from mtl_core.graph import CallGraph
from mtl_core.graph.config.shapes import _LAYERS, _MERGES, SAME_SHAPE
from mtl_core.graph.config.weights import _PARAMETERS, _WEIGHTLESS

SEQUENCE, IMAGE, VOLUME, WORDS = (6, 4), (12, 12, 4), (8, 8, 8, 4), (6,)

CASES = [
    (layers.Dense(3), SEQUENCE),
    (layers.Dense(3, use_bias=False), WORDS),
    (layers.Embedding(7, 5), WORDS),
    *((layer(5, return_sequences=back), SEQUENCE) for layer in (layers.LSTM, layers.GRU, layers.SimpleRNN) for back in (False, True)),
    (layers.GRU(5, reset_after=False), SEQUENCE),
    (layers.GRU(5, use_bias=False), SEQUENCE),
    (layers.LSTM(5, use_bias=False, return_state=True), SEQUENCE),
    (layers.Conv1D(5, 3, padding="same", strides=2), SEQUENCE),
    (layers.Conv1D(5, 3, padding="causal"), SEQUENCE),
    (layers.Conv2D(6, (3, 2), groups=2, use_bias=False), IMAGE),
    (layers.Conv2D(6, 3, dilation_rate=2), IMAGE),
    (layers.Conv2D(6, 3, data_format="channels_first"), (4, 12, 12)),
    (layers.Conv3D(5, 2, strides=2), VOLUME),
    (layers.Conv1DTranspose(5, 3), SEQUENCE),
    (layers.Conv2DTranspose(5, 3, strides=2), IMAGE),
    (layers.Conv3DTranspose(5, 2), VOLUME),
    (layers.DepthwiseConv1D(3, depth_multiplier=2), SEQUENCE),
    (layers.DepthwiseConv2D(3, strides=2, padding="same"), IMAGE),
    (layers.SeparableConv1D(5, 3), SEQUENCE),
    (layers.SeparableConv2D(5, 3, depth_multiplier=2), IMAGE),
    (layers.BatchNormalization(), IMAGE),
    (layers.BatchNormalization(axis=1, center=False), IMAGE),
    (layers.LayerNormalization(scale=False), SEQUENCE),
    (layers.LayerNormalization(axis=[1, 2]), SEQUENCE),
    (layers.LayerNormalization(rms_scaling=True), SEQUENCE),
    *((pool(2), shape) for n, shape in ((1, SEQUENCE), (2, IMAGE), (3, VOLUME)) for pool in (getattr(layers, f"MaxPooling{n}D"), getattr(layers, f"AveragePooling{n}D"))),
    *((getattr(layers, f"Global{kind}Pooling{n}D")(), shape) for n, shape in ((1, SEQUENCE), (2, IMAGE), (3, VOLUME)) for kind in ("Max", "Average")),
    (layers.MaxPooling2D((3, 2), strides=1, padding="same"), IMAGE),
    (layers.GlobalAveragePooling2D(keepdims=True), IMAGE),
    *((getattr(layers, f"{kind}{n}D")(), shape) for n, shape in ((1, SEQUENCE), (2, IMAGE), (3, VOLUME)) for kind in ("UpSampling", "ZeroPadding", "Cropping")),
    (layers.Flatten(), IMAGE),
    (layers.Reshape((2, -1)), SEQUENCE),
    (layers.Reshape((4, 6)), SEQUENCE),
    (layers.Permute((2, 1)), SEQUENCE),
    (layers.RepeatVector(3), WORDS),
    (layers.Activation("relu"), SEQUENCE),
    (layers.ActivityRegularization(l2=0.1), SEQUENCE),
    *((layer(0.2), SEQUENCE) for layer in (layers.Dropout, layers.AlphaDropout, layers.GaussianDropout, layers.GaussianNoise, layers.SpatialDropout1D)),
    (layers.SpatialDropout2D(0.2), IMAGE),
    (layers.SpatialDropout3D(0.2), VOLUME),
    *((layer(), SEQUENCE) for layer in (layers.ELU, layers.Identity, layers.LeakyReLU, layers.Masking, layers.ReLU, layers.Softmax, layers.UnitNormalization)),
    (layers.Rescaling(2.0), SEQUENCE),
    (layers.PReLU(), SEQUENCE),
    (layers.GroupNormalization(2), IMAGE),
    (layers.Bidirectional(layers.LSTM(3)), SEQUENCE),
    (layers.TimeDistributed(layers.Dense(3)), SEQUENCE),
    (layers.EinsumDense("abc,cd->abd", output_shape=(None, 5)), SEQUENCE),
    (layers.SpectralNormalization(layers.Dense(3)), SEQUENCE),
]  # fmt: skip


def described(layer):
    config = layer.get_config()
    told = ("units", "filters", "strides", "padding", "axis", "return_sequences", "use_bias", "reset_after", "groups")
    return " ".join([type(layer).__name__, *(f"{key}={config[key]}" for key in told if key in config)])


def check(layer, model):
    graph = CallGraph.from_model(model)
    call = next(call for call in graph.calls if call.layer == layer.name)
    assert call.parameters in (None, layer.count_params())
    assert call.shape in (None, model.outputs[0].shape)
    return call


@pytest.mark.parametrize(("layer", "shape"), CASES, ids=[described(layer) for layer, _shape in CASES])
def test_counts_and_shapes_are_keras_s(layer, shape):
    x = keras.Input(shape, name="x")
    call = check(layer, keras.Model(x, layer(x)))
    name = type(layer).__name__
    assert (call.parameters is not None) is (name in _PARAMETERS or name in _WEIGHTLESS) or "rms_scaling=True" in str(
        layer.get_config()
    ).replace("': ", "=")


@pytest.mark.parametrize("name", sorted({*_MERGES, "Dot"}))
def test_merges_make_keras_s_shapes(name):
    layer = getattr(layers, name)(axes=1) if name == "Dot" else getattr(layers, name)()
    a, b = keras.Input((5, 3), name="a"), keras.Input((5, 3), name="b")
    assert check(layer, keras.Model([a, b], layer([a, b]))).parameters == 0


@pytest.mark.parametrize(
    ("axis", "shapes"), [(1, [(5, 3), (4, 3)]), (-1, [(5, 3), (5, 3), (5, 2)]), (2, [(None, 3), (None, 1)])]
)
def test_concatenation_adds_up_along_its_axis(axis, shapes):
    inputs = [keras.Input(shape) for shape in shapes]
    layer = layers.Concatenate(axis=axis)
    assert check(layer, keras.Model(inputs, layer(inputs))).shape is not None


def test_shapes_that_broadcast_are_left_unsaid():
    a, b = keras.Input((5, 3)), keras.Input((1, 3))
    layer = layers.Add()
    assert check(layer, keras.Model([a, b], layer([a, b]))).shape is None


def test_every_rule_is_tried():
    tried = {type(layer).__name__ for layer, _shape in CASES} | {*_MERGES, "Dot", "InputLayer"}
    assert _PARAMETERS.keys() | _WEIGHTLESS | _LAYERS.keys() | SAME_SHAPE <= tried


def test_a_class_of_somebody_s_own_is_not_taken_for_keras_s():
    class Dense(layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.add_weight(shape=(7,), name="more")

    x = keras.Input((4,))
    layer = Dense(3)
    assert check(layer, keras.Model(x, layer(x))).parameters is None


def test_quantised_and_low_rank_weights_are_not_counted_as_usual_ones():
    x = keras.Input((4,))
    quantised, low_rank = layers.Dense(3), layers.Dense(3)
    models = [keras.Model(x, layer(x)) for layer in (quantised, low_rank)]
    quantised.quantize("int8")
    low_rank.enable_lora(2)
    for layer, model in zip((quantised, low_rank), models, strict=True):
        assert check(layer, model).parameters is None


def test_functions_have_no_weights():
    x = keras.Input((4,))
    graph = CallGraph.from_model(keras.Model(x, keras.ops.relu(x) * 2 + np.float32(1)))
    assert graph.parameters == 0
