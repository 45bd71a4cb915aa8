"""`keras_metadata.pb`, which Keras 2 puts into the folder of a SavedModel: the JSON in a protocol buffer.

Its message is a list of saved objects (keras/protobuf/saved_metadata.proto in Keras 2.15); the one at the path "root" is the
model, and its `metadata` is JSON with the model's class and config. No TensorFlow is needed.
"""

from __future__ import annotations

import functools
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from mtl_core.graph.config.formats.text import MAX_CONFIG_BYTES, config_of_json
from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.language import _

__all__ = ["config_of_metadata"]

_FIELDS = {"node_id": (2, "int32"), "node_path": (3, "string"), "identifier": (4, "string"), "metadata": (5, "string")}


def config_of_metadata(data: bytes) -> Any:
    """The config of the model that a `keras_metadata.pb` describes.

    Raises
    ------
    ModelFileError
        If it is another kind of protocol buffer, or the model is a subclassed one.
    """
    if len(data) > 4 * MAX_CONFIG_BYTES:
        raise ModelFileError(
            _("The model's description is larger than {most:,} bytes.").format(most=4 * MAX_CONFIG_BYTES)
        )
    try:
        nodes = _message().FromString(data).nodes
    except (DecodeError, ValueError):
        nodes = []
    root = next((node for node in nodes if node.node_path == "root"), None)
    if root is None:
        raise ModelFileError(_other_kind(data))
    return config_of_json(root.metadata)


def _other_kind(data: bytes) -> str:
    """What a protocol buffer is that is no `keras_metadata.pb`, and what to give instead."""
    if b"onnx" in data[:4096] or b"pytorch" in data[:4096]:
        return _(
            "This is an ONNX file: it holds operations, not Keras layers. Export model.to_json() from Keras instead."
        )
    return _(
        "This is a saved_model.pb or another protocol buffer, which says nothing of Keras's layers. Give the "
        "keras_metadata.pb that lies beside it, save the model as .keras, or write model.to_json() to a .json file."
    )


@functools.cache
def _message() -> Any:
    """The class of the message `SavedMetadata`."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="saved_metadata.proto", package="mtl", syntax="proto3")
    saved_object = file.message_type.add(name="SavedObject")
    for name, (number, kind) in _FIELDS.items():
        kind_number = getattr(kinds, f"TYPE_{kind.upper()}")
        saved_object.field.add(name=name, number=number, type=kind_number, label=kinds.LABEL_OPTIONAL)
    saved_metadata = file.message_type.add(name="SavedMetadata")
    saved_metadata.field.add(
        name="nodes", number=1, type=kinds.TYPE_MESSAGE, label=kinds.LABEL_REPEATED, type_name=".mtl.SavedObject"
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("mtl.SavedMetadata"))
