"""Real, deep models: the total of `keras.applications` is Keras's."""

import pytest

from tests.mtl_core.graph.config.layers.applications import NAMES, totals

SMALL = {
    "MobileNetV2": {"input_shape": (96, 96, 3), "include_top": False},
    "MobileNetV3Small": {"input_shape": (None, None, 3), "include_top": False, "pooling": "avg"},
    "ConvNeXtTiny": {"input_shape": (64, 64, 3)},
}


@pytest.mark.parametrize("name", SMALL)
def test_totals_and_outputs_are_keras_s(name):
    ours, theirs = totals(name, **SMALL[name])
    assert ours == theirs


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_totals_and_outputs_of_every_model_are_keras_s(name):
    ours, theirs = totals(name)
    assert ours == theirs
