"""Every model of `keras.applications`: is the graph's total Keras's, and are the shapes of its outputs?

Written for any Keras: `python -m tests.mtl_core.graph.config.layers.applications` logs what doesn't agree, also under the
Keras 2.15 of `tests/data/keras2/make_layers.py`.
"""

import json
import logging

import keras

from mtl_core.graph import CallGraph

NAMES = sorted(name for name, make in vars(keras.applications).items() if name[0].isupper() and callable(make))


def totals(name, **options):
    """Weights and output shapes of a model: what the graph of its config says, and what Keras says."""
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None, **options)
    graph = CallGraph.from_config(json.loads(model.to_json()))
    by_id = {call.id: call for call in graph.calls}
    ours = graph.parameters, [by_id[head.call].shape for head in graph.heads]
    return ours, (model.count_params(), [tuple(output.shape) for output in model.outputs])


def main() -> None:
    """Compare all and log those that differ."""
    agree = 0
    for name in NAMES:
        ours, theirs = totals(name)
        agree += ours == theirs
        if ours != theirs:
            logging.warning("%s: %s, and Keras says %s", name, ours, theirs)
    logging.warning("%s of %s models agree with Keras %s", agree, len(NAMES), keras.__version__)


if __name__ == "__main__":
    main()
