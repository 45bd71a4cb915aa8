"""Whatever format a Keras model was saved in, its graph is that of its config; any other format is named."""

import contextlib
import io
import json
import struct
import tracemalloc
import zipfile

import h5py
import pytest
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.file import config_of_file
from mtl_core.graph.config.formats.saved_model import config_of_metadata
from mtl_core.inspect.examples import load_example

CONFIG = json.loads(load_example("siamese"))
GRAPH = CallGraph.from_config(CONFIG)


def hdf5(**attributes):
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        opened.create_group("model_weights").attrs["layer_names"] = ["a", "b"]
        for name, value in attributes.items():
            opened.attrs[name] = value
    return file.getvalue()


def metadata(config=CONFIG, path="root"):
    message = _saved_metadata()
    message.nodes.add(node_id=3, node_path="root.layer-0", identifier="_tf_keras_layer", metadata="{}")
    message.nodes.add(node_path=path, identifier="_tf_keras_network", metadata=json.dumps(config))
    return message.SerializeToString()


def _saved_metadata():
    """A message as TensorFlow writes it: keras/protobuf/saved_metadata.proto in Keras 2.15."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="saved_metadata.proto", package="test", syntax="proto3")
    saved_object = file.message_type.add(name="SavedObject")
    fields = {
        "node_id": (2, "INT32"),
        "node_path": (3, "STRING"),
        "identifier": (4, "STRING"),
        "metadata": (5, "STRING"),
    }
    for name, (number, kind) in fields.items():
        saved_object.field.add(name=name, number=number, type=f"TYPE_{kind}", label=kinds.LABEL_OPTIONAL)
    saved_metadata = file.message_type.add(name="SavedMetadata")
    saved_metadata.field.add(
        name="nodes", number=1, type=kinds.TYPE_MESSAGE, label=kinds.LABEL_REPEATED, type_name=".test.SavedObject"
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("test.SavedMetadata"))()


def tensorflow_js(topology):
    return json.dumps({"format": "layers-model", "modelTopology": topology, "weightsManifest": []}).encode()


def zipped(contents, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


READABLE = {
    "hdf5, text": hdf5(model_config=json.dumps(CONFIG)),
    "hdf5, bytes": hdf5(model_config=json.dumps(CONFIG).encode(), keras_version="2.2.4"),
    "keras_metadata.pb": metadata(),
    "TensorFlow.js, Keras 2": tensorflow_js({"keras_version": "2.4", "model_config": CONFIG}),
    "TensorFlow.js, the config alone": tensorflow_js(CONFIG),
    "TensorFlow.js, the config as text": tensorflow_js({"model_config": json.dumps(CONFIG)}),
    "YAML": yaml.dump({"backend": "tensorflow", **CONFIG}).encode(),
    "YAML with Python's tuples": yaml.dump({**CONFIG, "config": {**CONFIG["config"], "extra": (1, 2)}}).encode(),
    "a zipped SavedModel": zipped({"m/saved_model.pb": b"\x08\x01", "m/keras_metadata.pb": metadata()}),
    "a large .keras that is not compressed": zipped({"config.json": json.dumps(CONFIG) + " " * 1_500_000}),
    "JSON behind an empty line": b"\n\n" + json.dumps(CONFIG).encode(),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE)
def test_a_model_is_read_from_whatever_keras_saved_it_in(data):
    assert CallGraph.from_file(data) == GRAPH


def test_an_hdf5_file_has_its_own_door():
    assert CallGraph.from_h5(READABLE["hdf5, text"]) == GRAPH


def test_a_description_larger_than_one_attribute_of_old_hdf5_is_read():
    padded = {**CONFIG, "note": "x" * 30_000}
    assert CallGraph.from_file(hdf5(model_config=json.dumps(padded))) == GRAPH


SENTENCES = {
    "weights": (hdf5(), "holds weights only"),
    "cut hdf5": (READABLE["hdf5, text"][:300], "HDF5 file is damaged"),
    "a number for a config": (hdf5(model_config=3), "HDF5 file is damaged"),
    "saved_model.pb": (b"\x08\x01\x12\x90\x02\x0a" + b"\0" * 80, "keras_metadata.pb that lies beside it"),
    "onnx": (b"\x08\x07\x12\x07pytorch\x1a\x03" + b"\0" * 80, "ONNX file"),
    "metadata of something else": (metadata(path="other"), "says nothing of Keras's layers"),
    "tflite": (b"\x1c\0\0\0TFL3" + b"\0" * 40, "TensorFlow Lite file"),
    "pickle": (b"\x80\x04\x95\x0b\0\0\0", "pickle file"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip file"),
    "graph model": (tensorflow_js({"node": [], "library": {}}), "TensorFlow.js graph model"),
    "a SavedModel without metadata": (zipped({"saved_model.pb": b"\x08\x01"}), "SavedModel without keras_metadata.pb"),
    "PyTorch": (zipped({"archive/data.pkl": b""}), "PyTorch file"),
    "broken YAML": (b"class_name: Model\nconfig: [1,\n", "not valid YAML: something else was expected in line"),
    "half a character": (
        zipped({"config.json": "{}"}).replace(b"config.json", b"\xff\xfe\xfdfig.json"),
        "unzipped|zip",
    ),
    "a seek before the beginning": (
        b"PK\3\4" + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 50, 0xFFFFFF00, 0),
        "can't be unzipped",
    ),
    "a number of thousands of digits": (b'{"config": 1' + b"0" * 3000 + b"}", "number that is too long"),
}


@pytest.mark.parametrize(("data", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_what_cannot_be_read_is_named_with_what_to_do(data, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        config_of_file(data)


def test_halves_of_characters_are_replaced_so_that_every_name_can_be_shown():
    text = json.dumps(CONFIG).replace("left", "le\\ud800ft", 1).encode()
    for name in CallGraph.from_file(text).inputs:
        name.encode()


def test_yaml_makes_nothing_but_plain_values():
    program = b"class_name: Model\nconfig: !!python/object/apply:os.system ['true']\n"
    assert config_of_file(program) == {"class_name": "Model", "config": ["true"]}


def test_what_a_protocol_buffer_has_beside_a_model_is_looked_at_and_not_kept():
    fields = b"".join(bytes((0x82 | n % 16 << 3, 0x80 | n >> 4 & 127, n >> 11, 0)) for n in range(2_048, 65_536))
    size = bytes((0x80 | len(fields) & 127, 0x80 | len(fields) >> 7 & 127, len(fields) >> 14))
    data = b"\x0a" + size + fields
    tracemalloc.start()
    try:
        with pytest.raises(ModelFileError):
            config_of_metadata(data)
        assert tracemalloc.get_traced_memory()[1] < len(data)
    finally:
        tracemalloc.stop()


@settings(max_examples=150)
@given(st.sampled_from(sorted(READABLE)), st.data())
def test_a_damaged_file_of_any_format_is_read_or_refused_in_words(name, data):
    spoilt = bytearray(READABLE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(len(spoilt), 20_000) - 1))
        spoilt[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(spoilt)), st.integers(0, len(spoilt))))
    with contextlib.suppress(ModelFileError):
        CallGraph.from_file(bytes(spoilt[:cut]))


PROGRAM = """
from keras import Input, Model, layers
a, b = Input((4,), name="a"), Input((4,), name="b")
head = layers.Dense(1, name="head")
model = Model([a, b], [head(a), layers.Dense(1, name="other")(layers.concatenate([a, b]))])
"""


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4}).encode()


@pytest.mark.parametrize(
    "data",
    [PROGRAM.encode(), b'"""A model."""' + PROGRAM.encode(), notebook("import keras", PROGRAM)],
    ids=["program", "program that begins with a text", "notebook"],
)
def test_a_program_is_told_from_a_config_by_its_content(data):
    graph = CallGraph.from_file(data)
    assert graph.dependence() == {
        ("head", "a"): True,
        ("head", "b"): False,
        ("other", "a"): True,
        ("other", "b"): True,
    }


@pytest.mark.parametrize("data", [b"import keras\nprint('hello')", notebook("import os")], ids=["program", "notebook"])
def test_a_program_without_a_model_is_refused_in_words(data):
    with pytest.raises(ModelFileError, match="No Keras model is made in this text"):
        CallGraph.from_file(data)
