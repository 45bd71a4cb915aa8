"""The table of arguments is that of the Keras that is installed."""

import inspect

import keras
import pytest

from mtl_core.graph.interpreter.signatures import ALIASES, FUNCTIONS, is_layer, positional, signature

CLASSES = sorted(
    name
    for name, value in vars(keras.layers).items()
    if inspect.isclass(value) and issubclass(value, keras.layers.Layer) and value.__name__ == name and is_layer(name)
)


def same(ours, keras_s):
    return ours == keras_s or (isinstance(ours, tuple) and keras_s == ours[0])


@pytest.mark.parametrize("name", CLASSES)
def test_arguments_have_keras_s_order_and_defaults(name):
    arguments = signature(name)
    parameters = inspect.signature(getattr(keras.layers, name).__init__).parameters
    wanted = [parameter for parameter in parameters if parameter != "self"]
    assert set(arguments) <= set(wanted)
    assert list(positional(name)) == wanted[: len(positional(name))]
    for argument, default in arguments.items():
        keras_s = parameters[argument].default
        assert (keras_s is inspect.Parameter.empty) if default is ... else same(default, keras_s), argument


def test_what_layers_were_called_before_is_a_layer_today():
    assert all(is_layer(name) for name in ALIASES.values())
    assert all(hasattr(keras.layers, name) for name in {*ALIASES.values()} - {"GroupedQueryAttention"})
    assert all(hasattr(keras.layers, name) and hasattr(keras.layers, FUNCTIONS[name]) for name in FUNCTIONS)
    assert len(CLASSES) > 90
