"""Record how many weights Keras 2.15's own layers have, and the shapes they make.

    python -m venv somewhere && somewhere/bin/pip install "tensorflow-cpu==2.15.*" pyyaml graphviz
    somewhere/bin/python -m tests.data.keras2.make_layers

Takes the cases of `tests/mtl_core/graph/config/layers/cases.py` that Keras 2 has, and adds layers that only Keras 2 has.
`layers/layers.json` holds for each case the layer as `model.to_json()` writes it (without the arguments that only say how
weights start and are punished), the shapes of the tensors in its first argument, its count, and the shapes of its outputs.
`layers/operations.json` holds models of TensorFlow's own functions, and the shapes that they make.
"""

import inspect
import json
import logging
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from mtl_core.graph.config.layers.operations import ELEMENTWISE
from tests.mtl_core.graph.config.layers import cases

HERE = Path(__file__).parent

TOLD = ("initializer", "regularizer", "constraint")


class _Lenient:
    """`keras.layers`, where a layer or an argument that Keras 2 doesn't have makes nothing instead of an error."""

    Layer = keras.layers.Layer

    def __getattr__(self, name):
        made = getattr(keras.layers, name, None)

        def make(*arguments, **keywords):
            try:
                return made(*arguments, **keywords) if made else None
            except (TypeError, ValueError):
                return None

        return make


def _only_keras_2():
    layers, old = keras.layers, tf.compat.v1.keras.layers
    on = cases._on
    for n in (1, 2):
        make = getattr(layers, f"LocallyConnected{n}D")
        shape = cases.BY_RANK[n]
        yield from on(
            shape,
            make(5, 3),
            make(5, 2, strides=2, use_bias=False),
            make(3, 2, implementation=2),
            make(3, 2, implementation=3),
        )
    yield from on(cases.SEQUENCE, layers.ThresholdedReLU(), layers.BatchNormalization(renorm=True))
    yield from on(
        cases.SEQUENCE, layers.experimental.SyncBatchNormalization(), layers.BatchNormalization(synchronized=True)
    )
    yield from on(cases.IMAGE, layers.RandomHeight(0.2), layers.RandomWidth(0.2))
    yield from on(cases.FEATURES, layers.experimental.RandomFourierFeatures(5))
    for make in (old.CuDNNLSTM, old.CuDNNGRU):
        yield from on(cases.SEQUENCE, make(5), make(5, return_sequences=True), layers.Bidirectional(make(3)))
    for make in (old.LSTM, old.GRU):
        yield from on(cases.SEQUENCE, make(5))
    yield from on(cases.SEQUENCE, old.BatchNormalization())


def _without_beginnings(value):
    if isinstance(value, dict):
        return {key: _without_beginnings(one) for key, one in value.items() if not key.endswith(TOLD)}
    return [_without_beginnings(one) for one in value] if isinstance(value, list) else value


def _record(case):
    model = case.model()
    entries = json.loads(model.to_json())["config"]["layers"]
    entry = next(entry for entry in entries if entry["config"]["name"] == case.layer.name)
    del entry["inbound_nodes"]
    if "function" in entry["config"]:  # code, which names this machine's folders
        entry["config"]["function"] = ""
    return {
        "layer": _without_beginnings(entry),
        "read": case.read,
        "parameters": case.layer.count_params(),
        "outputs": [tensor.shape.as_list() for tensor in tf.nest.flatten(model.outputs)],
    }


def _operations():
    """Each function on one tensor, on a tensor and a number, a list and a tensor of another shape, as far as it takes them."""
    for name in sorted(ELEMENTWISE):
        function = tf.add if name == "__operators__.add" else tf
        for part in name.split(".") if function is tf else ():
            function = getattr(function, part)
        two = function is tf.add or "y" in inspect.signature(function).parameters
        beside = ((2.0,), ([[1.0, 2.0, 3.0]] * 5,), ((5, 1),), ((3,),), ((2, 5, 3),))
        for more in beside if two else ((), (0.5, 2.0)) if name == "clip_by_value" else ((),):
            given = [keras.Input(shape) if isinstance(shape, tuple) else shape for shape in more]
            x = keras.Input((1, 3) if more and isinstance(more[0], list) else (5, 3))
            try:
                y = x + given[0] if name == "__operators__.add" else function(x, *given)
                model = keras.Model(
                    [x, *(one for one, shape in zip(given, more, strict=True) if isinstance(shape, tuple))], y
                )
            except (IndexError, TypeError, ValueError):
                continue
            yield {"function": name, "config": json.loads(model.to_json()), "output": y.shape.as_list()}


def _write(name, records):
    lines = ",\n".join(json.dumps(record, separators=(",", ":")) for record in records)
    (HERE / "layers" / name).write_text(f"[\n{lines}\n]\n")


def main():
    cases.layers = _Lenient()
    made = [case for several in cases.all_cases().values() for case in several] + list(_only_keras_2())
    records = []
    for case in made:
        try:
            records.append(_record(case))
        except Exception as error:  # what Keras 2 refuses is no case
            logging.warning("%s: %.150r", case, error)
    tried = {record["layer"]["class_name"] for record in records}
    classes = {
        getattr(keras.layers, name) for name in dir(keras.layers) if isinstance(getattr(keras.layers, name), type)
    }
    logging.warning("Without a case: %s", sorted({one.__name__ for one in classes} - tried))
    _write("layers.json", records)
    _write("operations.json", _operations())


if __name__ == "__main__":
    main()
