"""Which inputs can each head see? A graph with one node per call, read from any Keras model."""

from mtl_core.graph.call_graph import CallGraph
from mtl_core.graph.calls import Call, Head, Layer
from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.graph.reach import marks
from mtl_core.graph.wiring import Status

__all__ = ["Call", "CallGraph", "Head", "Layer", "ModelFileError", "Status", "marks"]
