"""The program on screen runs as it is, and gives the app's own curves."""

import contextlib
import io
import re

import nbclient
import nbformat
import numpy as np
import pytest

from mtl_core.data import encode, make_task
from mtl_core.graph import CallGraph
from mtl_core.spec import OUTPUTS, ExperimentSpec
from mtl_core.take_home.program import PROGRAMS, notebook, question_2019, script
from mtl_core.train import train
from tests.eagerly import eagerly

SMALL = ExperimentSpec().replace(
    tweets="numbers", timesteps=5, features=3, n_train=100, n_test=300, lstm_units=4, epochs=2, seed=3
)
IN_WORDS = ExperimentSpec().replace(tweets="words", n_train=150, n_test=300, lstm_units=4, epochs=2, seed=3)
SPECS = {
    "case 2": SMALL.other_case.replace(optimizer="sgd", learning_rate=0.05),
    "words": IN_WORDS.replace(rule="match", shuffled_labels="y1"),
    "all else": SMALL.replace(
        merge="multiply",
        encoder="separate",
        hidden_units=3,
        rule="match",
        feature_angle_deg=40.0,
        shuffled_labels="y2",
        optimizer="adam",
        loss_weights=(1.0, 0.25),
    ),
}
TRAINED_OTHERWISE = {
    "labels for some rows": SMALL.replace(labelled=(0.3, 1.0)),
    "by turns": SMALL.replace(schedule="alternate", labelled=(1.0, 0.5), batch_size=40, optimizer="adam"),
    "head 2 detached": SMALL.replace(detach="predictions2", learning_rate=0.02),
    "both detached": SMALL.other_case.replace(detach="both", hidden_units=3, learning_rate=0.02),
}
MORE = {
    "add": SMALL.replace(merge="add", mixing_deg=10.0, shuffled_labels="y1", learning_rate=0.01),
    "hidden": SMALL.replace(hidden_units=8, batch_size=200),
    "one unit": SMALL.other_case.replace(encoder="separate", lstm_units=1, timesteps=1, features=2),
    "first screen": ExperimentSpec().replace(epochs=3),
    "words, second seed": IN_WORDS.replace(seed=4, hidden_units=3),
}


def runs(programs, without_compiling):
    """Some programs without compiling, and each as it is: the one of words in `make test`, all in the long version."""
    quick = [pytest.param(programs[name], eagerly, id=f"{name}, eagerly") for name in without_compiling]
    return quick + [
        pytest.param(spec, contextlib.nullcontext, id=name, marks=[] if name == "words" else [pytest.mark.full])
        for name, spec in programs.items()
    ]


LINE = re.compile(r"epoch +(\d+)  (\w+)  test loss ([\d.]+) nats  accuracy ([\d.]+)")


def printed(text: str) -> list[tuple[float, ...]]:
    """What a program prints: a row (epoch, head, loss, accuracy) for each line."""
    return [(int(e), OUTPUTS.index(head), float(loss), float(right)) for e, head, loss, right in LINE.findall(text)]


def trained(spec: ExperimentSpec) -> list[tuple[float, ...]]:
    """The app's own numbers, in the same rows."""
    return [
        (epoch.index, row, epoch.test[head].loss, epoch.test[head].accuracy)
        for epoch in train(spec)
        for row, head in enumerate(OUTPUTS)
    ]


def run(source: str) -> tuple[dict, str]:
    """The names that a program leaves, and what it prints."""
    left: dict = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "script.py", "exec"), left)
    return left, out.getvalue()


@pytest.mark.parametrize(("spec", "way"), runs(SPECS | MORE, ["case 2", "all else"]))
def test_the_script_gives_the_apps_own_curves_with_the_model_on_screen(spec, way):
    with way():
        left, out = run(script(spec))
    assert np.array(printed(out)) == pytest.approx(np.array(trained(spec)), abs=1e-4)
    assert CallGraph.from_model(left["model"]) == CallGraph.from_spec(spec.model, spec.data)


@pytest.mark.parametrize(("spec", "way"), runs(TRAINED_OTHERWISE, TRAINED_OTHERWISE))
def test_the_script_trains_as_the_options_say(spec, way):
    with way():
        left, out = run(script(spec))
    assert np.array(printed(out)) == pytest.approx(np.array(trained(spec)), abs=1e-4)
    assert np.array(printed(out)) != pytest.approx(np.array(trained(SMALL.replace(merge=spec.model.merge))), abs=1e-4)
    assert left["model"].count_params() == CallGraph.from_spec(spec.model, spec.data).parameters


def test_the_notebook_is_the_script():
    book = nbformat.reads(notebook(SMALL), as_version=4)
    nbformat.validate(book)
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    assert [line for line in code.splitlines() if line] == [
        line for line in script(SMALL).splitlines() if line and not line.startswith("#")
    ]


@pytest.mark.full
def test_the_notebook_gives_the_apps_own_curves_in_a_kernel_of_its_own():
    book = nbformat.reads(notebook(SMALL), as_version=4)
    nbclient.NotebookClient(book, timeout=200).execute()
    out = "".join(output.get("text", "") for cell in book.cells for output in cell.get("outputs", ()))
    assert np.array(printed(out)) == pytest.approx(np.array(trained(SMALL)), abs=1e-4)


@pytest.mark.parametrize("seed", [0, 5])
def test_the_script_of_words_makes_the_apps_own_sentences(seed):
    spec = IN_WORDS.replace(seed=seed)
    sections = script(spec).split("\n\n\n# %% ")
    left, _out = run("\n\n\n# %% ".join(part for part in sections if not part.startswith(("Where", "Training"))))
    task = make_task(spec.data, seed)
    for split, x, y in ((task.train, "x_train", "y_train"), (task.test, "x_test", "y_test")):
        assert np.array_equal(left[x], [split.a, split.b])
        assert np.array_equal(left[y], [split.y1, split.y2])
    assert np.array_equal(left["encode"]("i love this film"), encode("i love this film"))


def test_a_notebook_tells_what_each_cell_does_and_is_the_same_each_time():
    book = nbformat.reads(notebook(SMALL), as_version=4)
    words = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert words[0].startswith("## What does `concatenate` do in a multi-task model?\n\nA complete program")
    assert not any("# %%" in cell.source for cell in book.cells)
    assert notebook(SMALL) == notebook(SMALL)


@pytest.mark.parametrize("concatenate", [True, False])
def test_the_model_reads_like_the_learners_own_program(concatenate):
    lines = script(ExperimentSpec.question(concatenate)).splitlines()
    assert 'tweet_a = keras.Input(shape=(280, 256), name="tweet_a")' in lines
    assert "encoded_b = shared_lstm(tweet_b)" in lines
    merge = 'merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1, name="merged_vector")'
    assert (merge in lines) == concatenate
    heads = ("merged_vector", "merged_vector") if concatenate else ("encoded_a", "encoded_b")
    for name, source in zip(OUTPUTS, heads, strict=True):
        assert f'{name} = keras.layers.Dense(1, activation="sigmoid", name="{name}")({source})' in lines
    assert "OPTIMIZER = keras.optimizers.RMSprop(learning_rate=0.001)" in lines


def test_what_is_marked_in_the_question_fails_in_keras_3_and_nothing_else_does():
    """Each program of the question, run line by line; a marked `compile` fails at the first `fit`."""
    left: dict = {}
    sizes = []
    for line, problem in question_2019():
        if line.startswith("from keras.utils.vis_utils"):
            assert "ModuleNotFoundError" in problem
            with pytest.raises(ModuleNotFoundError):
                exec(line, left)
            continue
        exec(line, left)
        if not line.startswith("model.compile"):
            assert problem is None
            continue
        assert "metrics=[['accuracy'], ['accuracy']]" in problem
        rows = [np.zeros((2, 280, 256), "float32")] * 2, [np.zeros((2, 1), "float32")] * 2
        with pytest.raises(ValueError, match="metrics"):
            left["model"].fit(*rows, verbose=0)
        exec(line.replace("['accuracy']", "[['accuracy'], ['accuracy']]"), left)
        left["model"].evaluate(*rows, verbose=0)
        sizes.append(left["model"].count_params())
    assert sizes == [82_434, 82_306]
    exec("from keras.utils import plot_model", left)


def sections_of(text: str) -> dict[str, str]:
    """A program's sections by their titles."""
    return {part.partition("\n")[0]: part.strip() for part in re.split(r"^# %% ", text, flags=re.M)[1:]}


@pytest.mark.parametrize("world", ["numbers", "words"])
def test_the_files_are_the_programs_of_their_own_settings(world):
    text = (PROGRAMS / f"experiment_{world}.py").read_text(encoding="utf-8")
    spec = ExperimentSpec() if world == "words" else ExperimentSpec().replace(tweets=world, learning_rate=0.001)
    assert text.partition("\n\n")[2] == script(spec)


def test_both_worlds_train_alike():
    numbers, words = (sections_of(script(spec)) for spec in (SMALL, IN_WORDS))
    alike = {title for title in numbers if numbers[title] == words.get(title)}
    assert alike >= {
        "What does `concatenate` do in a multi-task model?",
        "Where learning starts",
        "Training",
    }


@pytest.mark.parametrize("spec", [*SPECS.values(), *MORE.values()], ids=[*SPECS, *MORE])
def test_every_section_says_in_words_what_its_code_does(spec):
    sections = sections_of(script(spec))
    assert len(sections) >= 7
    for title, text in sections.items():
        words, _gap, code = text.partition("\n\n")
        assert words.partition("\n")[2].startswith("# "), title
        assert code, title
