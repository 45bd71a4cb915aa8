"""Which weights a head's loss really changes: gradients that TensorFlow computes for random weights, inputs and losses."""

import keras
import numpy as np
import tensorflow as tf

from tests.mtl_core.graph import graph_zoo


def layer_of(model, label):
    """The layer that a graph calls by this name: behind those of the models that it is in."""
    names = label.split("/")
    for i in range(len(names), 0, -1):
        name = "/".join(names[:i])
        match = [layer for layer in getattr(model, "operations", model.layers) if layer.name == name]
        if match:
            return layer_of(match[0], "/".join(names[i:])) if i < len(names) else match[0]
    raise KeyError(label)


def changed_by(model, graph, seeds=3):
    """Pairs (head, layer) for which any gradient on the layer's trainable weights was not zero."""
    may_change = {id(variable) for variable in model.trainable_variables}
    variables = {
        layer: [v.value for v in getattr(layer_of(model, layer), "variables", ()) if id(v) in may_change]
        for layer in {call.layer for call in graph.calls if call.class_name != "InputLayer"}
    }
    changed = set()
    for seed in range(seeds):
        graph_zoo.randomise(model, seed)
        arrays = graph_zoo.random_inputs(model, seed + 100)
        generator = np.random.default_rng(seed)
        with tf.GradientTape(persistent=True) as tape:
            packed = (
                arrays[0] if isinstance(model, keras.Sequential) else keras.tree.pack_sequence_as(model.input, arrays)
            )
            outputs = keras.tree.flatten(model(packed, training=False))
            losses = [
                tf.reduce_sum(tf.cast(y, "float32") * generator.normal(size=y.shape).astype("float32")) for y in outputs
            ]
        for head, loss in zip(graph.outputs, losses, strict=True):
            of_layers = tape.gradient(loss, variables)
            for layer, gradients in of_layers.items():
                if any(np.any(np.asarray(tf.convert_to_tensor(g)) != 0) for g in gradients if g is not None):
                    changed.add((head, layer))
    return changed


def said(graph, *statuses):
    """Pairs (head, layer) of which a graph says one of these."""
    return {pair for pair, status in graph.training_statuses().items() if status in statuses}
