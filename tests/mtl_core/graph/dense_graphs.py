"""Call graphs of Dense layers, from hand-written Keras 2 configs: small ones to reason about, large ones to wait for."""

from mtl_core.graph import CallGraph


def model(inputs, layers, outputs):
    """Named inputs, Dense layers each on what it names, and which of them are heads."""
    return CallGraph.from_config(config(inputs, layers, outputs))


def config(inputs, layers, outputs):
    """The same as `model.get_config()` would write it."""
    inner = {
        "layers": [input_layer(name) for name in inputs] + [dense(name, sources) for name, sources in layers.items()],
        "input_layers": [[name, 0, 0] for name in inputs],
        "output_layers": [[name, 0, 0] for name in outputs],
    }
    return {"class_name": "Functional", "config": inner}


def chain(*widths):
    """One input, and levels of so many Dense layers each; each reads the whole level before it, the last level are heads."""
    layers, ends = {}, ["start"]
    for level, width in enumerate(widths):
        before, ends = ends, [f"d{level}_{i}" for i in range(width)]
        layers |= dict.fromkeys(ends, before)
    return model(["start"], layers, ends)


def input_layer(name):
    config = {"name": name, "batch_input_shape": [None, 4]}
    return {"class_name": "InputLayer", "name": name, "config": config, "inbound_nodes": []}


def dense(name, sources):
    node = [[[source, 0, 0, {}] for source in sources]]
    return {"class_name": "Dense", "name": name, "config": {"name": name, "units": 4}, "inbound_nodes": node}
