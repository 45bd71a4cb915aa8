"""The experiment on screen as a plain Keras program: what a reader would write, and what gives the app's own numbers.

The script makes the same data, starts from the same weights and takes the batches in the same order as the app, then
trains with `keras.Model.fit`. So its losses are the app's, but for rounding. It is cut into *sections*, each headed by
"# %% title" and words in comments, which editors show as cells; the notebook is made from these very sections.

Nothing here runs Keras: programs are text, put together from a spec's own values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, ExperimentSpec, ModelSpec
from mtl_core.take_home.program_2019 import question_2019
from mtl_core.take_home.program_data import data_sections

__all__ = ["notebook", "question_2019", "script", "shuffle_test_snippet"]


def script(spec: ExperimentSpec) -> str:
    """The experiment as one complete Keras 3 program, which needs keras and numpy.

    It prints both heads' test loss (nats) and accuracy before any update and after each epoch.
    """
    return "\n\n\n".join(_sections(spec)) + "\n"


def notebook(spec: ExperimentSpec) -> str:
    """The same program as a Jupyter notebook (JSON): each section a cell of words and a cell of code."""
    import nbformat.v4 as nb  # takes 0.2 s to import, and only a download needs it

    cells = []
    for number, section in enumerate(_sections(spec)):
        title, words, code = _parts(section)
        cells.append(nb.new_markdown_cell(f"## {title}\n\n{words}".rstrip(), id=f"words-{number}"))
        cells.append(nb.new_code_cell(code, id=f"code-{number}"))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return str(nb.writes(nb.new_notebook(cells=cells, metadata=kernel)))


def shuffle_test_snippet() -> str:
    """A function that shuffles one input at a time of *any* Keras model and tells what it costs each head."""
    return _SHUFFLE_TEST


def _sections(spec: ExperimentSpec) -> Iterator[str]:
    yield _HEAD.format(model=_JOINED[spec.model.merge])
    yield _model(spec.model, spec.data)
    yield _settings(spec)
    yield from data_sections(spec.data)
    yield _START
    yield _training(spec)


def _parts(section: str) -> tuple[str, str, str]:
    """Title, words and code of a section."""
    title, rest = section.split("\n", 1)
    words = re.match(r"(#.*\n)*", rest)
    end = words.end() if words else 0
    return title.removeprefix("# %% "), re.sub(r"^# ?", "", rest[:end], flags=re.M), rest[end:].strip()


def _settings(spec: ExperimentSpec) -> str:
    data, recipe = spec.data, spec.train
    timesteps, features = data.shape
    values: dict[str, object] = {
        "SEED": recipe.seed,
        "TIMESTEPS": timesteps,
        "FEATURES": features,
        "N_TRAIN": data.n_train,
        "N_TEST": data.n_test,
        "MIXING_DEG": data.mixing_deg,
        "SHARPNESS": data.sharpness,
    }
    if data.tweets == "numbers":
        values |= {"FEATURE_ANGLE_DEG": data.feature_angle_deg, "SIGNAL": data.signal}
    values |= {"EPOCHS": recipe.epochs, "BATCH_SIZE": recipe.batch_size}
    return "\n".join(["# %% The experiment", "", *(f"{name} = {value!r}" for name, value in values.items())])


def _model(model: ModelSpec, data: DataSpec) -> str:
    """The learner's own program: their names, their order, their calls."""
    lines = ["# %% The model", *_MODEL_WORDS[model.merge], ""]
    lines += [f'{name} = keras.Input(shape={data.shape}, name="{name}")' for name in INPUTS]
    lstms = ["shared_lstm"] * 2 if model.encoder == "shared" else ["lstm_a", "lstm_b"]
    lines += [f'{name} = keras.layers.LSTM({model.lstm_units}, name="{name}")' for name in dict.fromkeys(lstms)]
    encoded = ["encoded_a", "encoded_b"]
    lines += [f"{made} = {lstm}({tweet})" for made, lstm, tweet in zip(encoded, lstms, INPUTS, strict=True)]
    read = encoded
    if model.merge != "none":
        axis = ", axis=-1" if model.merge == "concatenate" else ""
        lines.append(f'merged_vector = keras.layers.{model.merge}([encoded_a, encoded_b]{axis}, name="merged_vector")')
        read = ["merged_vector"] * 2
    if model.hidden_units:
        hidden = ["hidden1", "hidden2"]
        lines += [
            f'{name} = keras.layers.Dense({model.hidden_units}, activation="relu", name="{name}")({source})'
            for name, source in zip(hidden, read, strict=True)
        ]
        read = hidden
    lines += [
        f'{name} = keras.layers.Dense(1, activation="sigmoid", name="{name}")({source})'
        for name, source in zip(OUTPUTS, read, strict=True)
    ]
    lines.append("model = keras.Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])")
    return "\n".join(lines)


def _training(spec: ExperimentSpec) -> str:
    recipe = spec.train
    optimizer = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}[recipe.optimizer]
    loss = 'loss="binary_crossentropy"'
    if recipe.loss_weights != (1.0, 1.0):
        loss = f'loss=["binary_crossentropy", "binary_crossentropy"],\n    loss_weights={list(recipe.loss_weights)!r}'
    return _TRAINING.format(optimizer=f"{optimizer}(learning_rate={recipe.learning_rate!r})", loss=loss)


_HEAD = """# %% What does `concatenate` do in a multi-task model?
# A complete program for Keras 3 and numpy: two tweets, two heads, encodings {model}.
# It prints the test losses that the app shows for these settings; on the same machine and with the same versions they
# agree to four decimals. Random initial weights differ between Keras's backends, so it asks for TensorFlow.

import hashlib
import math
import os
import zlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np"""

_JOINED = {
    "none": "not connected",
    "concatenate": "concatenated",
    "add": "added",
    "multiply": "multiplied",
}

_MODEL_WORDS = {
    "none": ("# Each head reads the encoding of its own tweet only.",),
    "concatenate": ("# `concatenate` lays both encodings side by side, so that each head reads both tweets.",),
    "add": ("# `add` sums both encodings number by number, and each head reads the sum.",),
    "multiply": ("# `multiply` multiplies both encodings number by number, and each head reads the product.",),
}

_START = """# %% Where learning starts
# Keras's own random weights, but with a seed for each part of each layer, so that both cases start alike. Biases keep
# their defaults: 0, and 1 for the LSTM's forget gate.

draws = {"kernel": keras.initializers.GlorotUniform, "recurrent_kernel": keras.initializers.Orthogonal}
for layer in model.layers:
    role = "lstm" if "lstm" in layer.name else layer.name
    for weight in layer.weights:
        if weight.name in draws:
            digest = hashlib.sha256(f"{SEED}/{role}/{weight.name}".encode()).digest()
            draw = draws[weight.name](seed=int.from_bytes(digest[:4], "big") >> 1)
            weight.assign(draw(weight.shape))"""

_TRAINING = """# %% Training
# The order of the batches is drawn anew for every epoch. Both heads are judged on all test rows, in nats.

model.compile(
    optimizer=keras.optimizers.{optimizer},
    {loss},
    metrics=[["accuracy"], ["accuracy"]],
)


def judge(epoch):
    for head, y, p in zip(model.output_names, y_test, model.predict(x_test, batch_size=256, verbose=0)):
        p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        print(f"epoch {{epoch:3d}}  {{head}}  test loss {{loss:.6f}} nats  accuracy {{np.mean((p > 0.5) == y):.4f}}")


judge(0)
for epoch in range(1, EPOCHS + 1):
    order = stream(f"epoch {{epoch}}").permutation(N_TRAIN)
    model.fit(
        [x[order] for x in x_train], [y[order] for y in y_train], batch_size=BATCH_SIZE, shuffle=False, verbose=0
    )
    judge(epoch)"""

_SHUFFLE_TEST = '''"""Which inputs does each head of my model rely on? Shuffle one input at a time, and see what it costs each head."""

import keras
import numpy as np


def shuffle_test(model, inputs, targets, loss, repeats=8, seed=0, batch_size=256):
    """What shuffling each input between the rows costs each head.

    model    any keras.Model
    inputs   as for model.predict: a list of arrays, or a dict of arrays by name; rows that it was not trained on
    targets  an array for each output, in the same list or dict as model.predict gives them
    loss     the name of a Keras loss, or a function (y_true, y_pred) that gives one; or a list or dict with one for each
    returns  {(head, input): (mean, low, high)}: the rise of the loss, and its 95 % interval over the shuffles
    """
    generator = np.random.default_rng(seed)
    names = {key: key if isinstance(inputs, dict) else model.inputs[key].name for key in _keys(inputs)}

    def losses(rows):
        outputs = model.predict(rows, batch_size=batch_size, verbose=0)
        if not isinstance(outputs, (list, dict)):
            outputs, wanted = [outputs], [targets[0] if isinstance(targets, list) else targets]
        else:
            wanted = targets
        found = {}
        for key in _keys(outputs):
            name = key if isinstance(outputs, dict) else getattr(model, "output_names", ["output"])[key]
            function = keras.losses.get(loss[key] if isinstance(loss, (list, dict)) else loss)
            found[name] = float(np.mean(keras.ops.convert_to_numpy(function(wanted[key], outputs[key]))))
        return found

    untouched, costs = losses(inputs), {}
    for key, name in names.items():
        rises = {head: [] for head in untouched}
        for _ in range(repeats):
            shuffled = inputs.copy()
            shuffled[key] = np.asarray(inputs[key])[generator.permutation(len(inputs[key]))]
            for head, value in losses(shuffled).items():
                rises[head].append(value - untouched[head])
        for head, rise in rises.items():
            mean, error = np.mean(rise), np.std(rise, ddof=1) / np.sqrt(repeats)
            costs[head, name] = float(mean), float(mean - 1.96 * error), float(mean + 1.96 * error)
    return costs


def _keys(arrays):
    return list(arrays) if isinstance(arrays, dict) else range(len(arrays))


# Example: replace model, x_test and y_test with your own.
# for (head, name), (mean, low, high) in shuffle_test(model, x_test, y_test, "binary_crossentropy").items():
#     print(f"{head} without {name}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
# A cost of exactly 0 in every shuffle means that no path leads from the input to the head, or that its weights are 0.
'''
