"""The experiment on screen as a plain Keras program: what a reader would write, and what gives the app's own numbers.

The script makes the same data, starts from the same weights and takes the batches in the same order as the app, then
trains with `keras.Model.fit`. So its losses are the app's, but for rounding. Programs are files in `assets/programs`,
complete and runnable, cut into *sections*, each headed by "# %% title" and words in comments, which editors show as cells.
Two of these, the settings and the model, are written anew for the experiment on screen; the notebook is made from all.

Nothing here runs Keras: programs are text.
"""

from __future__ import annotations

import re
from pathlib import Path

from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec
from mtl_core.take_home.program_2019 import question_2019

__all__ = ["notebook", "question_2019", "script", "shuffle_test_snippet"]

PROGRAMS = Path(__file__).parents[2] / "assets" / "programs"


def script(spec: ExperimentSpec) -> str:
    """The experiment as one complete Keras 3 program, which needs keras and numpy.

    It prints both heads' test loss (nats) and accuracy before any update and after each epoch.
    """
    return "".join(_sections(spec)).rstrip() + "\n"


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
    return _program("shuffle_test.py")


def _program(name: str) -> str:
    return (PROGRAMS / name).read_text(encoding="utf-8")


def _sections(spec: ExperimentSpec) -> list[str]:
    """The program's sections, each with the blank lines after it; what stands before the first is for this repository."""
    _opening, *sections = re.split(r"^(?=# %% )", _program(f"experiment_{spec.data.tweets}.py"), flags=re.M)
    written = {_title(text): text for text in (_settings(spec), _model(spec))}
    return [written.get(_title(section), section) for section in (*sections[:-1], _training(sections[-1], spec))]


def _training(section: str, spec: ExperimentSpec) -> str:
    """The last section, where `fit` is told of rows without a label and of tasks that take turns; as it is where there is neither."""
    if not _weighs_rows(spec):
        return section
    weighed = section.replace(
        "batch_size=BATCH_SIZE, ", "sample_weight=sample_weights(epoch, order), batch_size=BATCH_SIZE, "
    )
    return weighed.replace("judge(0)\n", f"{_SAMPLE_WEIGHTS}judge(0)\n")


def _weighs_rows(spec: ExperimentSpec) -> bool:
    return spec.train.labelled != (1.0, 1.0) or spec.train.schedule != "together"


def _title(section: str) -> str:
    return section.partition("\n")[0]


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
        "RULE": data.rule,
        "MIXING_DEG": data.mixing_deg,
        "SHARPNESS": data.sharpness,
    }
    if data.tweets == "numbers":
        values |= {"FEATURE_ANGLE_DEG": data.feature_angle_deg, "SIGNAL": data.signal}
    values |= {"SHUFFLED_LABELS": data.shuffled_labels, "EPOCHS": recipe.epochs, "BATCH_SIZE": recipe.batch_size}
    lines = [f"{name} = {_literal(value)}" for name, value in values.items()]
    lines += [
        f"OPTIMIZER = keras.optimizers.{_OPTIMIZER[recipe.optimizer]}(learning_rate={recipe.learning_rate!r})",
        f"LOSS_WEIGHTS = {list(recipe.loss_weights)!r}",
    ]
    if _weighs_rows(spec):
        lines += [f"LABELLED = {list(recipe.labelled)!r}", f'SCHEDULE = "{recipe.schedule}"']
    return _section("The experiment", "All that was chosen.", lines)


_OPTIMIZER = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _model(spec: ExperimentSpec) -> str:
    """The learner's own program: their names, their order, their calls."""
    model, detached = spec.model, [spec.train.detach in (output, "both") for output in OUTPUTS]
    lines = [f'{name} = keras.Input(shape={spec.data.shape}, name="{name}")' for name in INPUTS]
    lstms = ["shared_lstm"] * 2 if model.encoder == "shared" else ["lstm_a", "lstm_b"]
    lines += [f'{name} = keras.layers.LSTM({model.lstm_units}, name="{name}")' for name in dict.fromkeys(lstms)]
    encoded = ["encoded_a", "encoded_b"]
    lines += [f"{made} = {lstm}({tweet})" for made, lstm, tweet in zip(encoded, lstms, INPUTS, strict=True)]
    fixed = ["fixed_a", "fixed_b"]
    if any(detached):
        lines += [f"{held} = keras.ops.stop_gradient({made})" for held, made in zip(fixed, encoded, strict=True)]
    seen = [fixed if cut else encoded for cut in detached]
    read = [pair[head] for head, pair in enumerate(seen)]
    if model.merge != "none":
        axis = ", axis=-1" if model.merge == "concatenate" else ""
        read = ["merged_vector", "merged_vector" if detached[0] == detached[1] else "merged_vector2"]
        for name, (a, b) in dict(zip(read, seen, strict=True)).items():
            lines.append(f'{name} = keras.layers.{model.merge}([{a}, {b}]{axis}, name="{name}")')
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
    words = _MODEL_WORDS[model.merge] + (f"\n# {_DETACHED_WORDS}" if any(detached) else "")
    return _section("The model", words, lines)


_MODEL_WORDS = {
    "none": "Each head reads the encoding of its own tweet only.",
    "concatenate": "`concatenate` lays both encodings side by side, so that each head reads both tweets.",
    "add": "`add` sums both encodings number by number, and each head reads the sum.",
    "multiply": "`multiply` multiplies both encodings number by number, and each head reads the product.",
}


_DETACHED_WORDS = (
    "`stop_gradient` changes no prediction: the loss of a head behind it trains the layers after it, and no encoder."
)

_SAMPLE_WEIGHTS = '''def labelled(task, share):
    """1 for the rows that have a label for this task, 0 for the others."""
    has = np.zeros(N_TRAIN, np.float32)
    has[stream(f"labelled {task}").permutation(N_TRAIN)[: max(1, round(share * N_TRAIN))]] = 1
    return has


def sample_weights(epoch, order):
    """How much each row counts in each head's loss: not at all without a label, or in a batch of the other task's turn."""
    weights = [labelled(task, share)[order] for task, share in enumerate(LABELLED, start=1)]
    if SCHEDULE == "alternate":
        batch = np.arange(N_TRAIN) // BATCH_SIZE + (epoch - 1) * math.ceil(N_TRAIN / BATCH_SIZE)
        weights = [weight * (batch % 2 == task) for task, weight in enumerate(weights)]
    return weights


'''


def _section(title: str, words: str, lines: list[str]) -> str:
    return "\n".join([f"# %% {title}", f"# {words}", "", *lines, "", "", ""])
