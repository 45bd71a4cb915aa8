"""Every answer about training is what real Keras does: its program is run, and prints what is recorded beside it."""

import contextlib
import re
import runpy

import pytest

from mtl_core.lessons.questions import FOLDER, QUESTIONS
from mtl_core.spec import ViewSpec, knob
from tests.eagerly import eagerly

EACH = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
NUMBER = re.compile(r"-?\d+\.\d+")
TOLERANCE = 0.02
"""Of the numbers that programs print: random numbers are seeded, and arithmetic may differ in the last digits."""

FEW_BATCHES = ("loss_weights", "loss_in_the_log", "taking_turns", "two_metrics")
"""Programs that take longest to compile: they run eagerly, and compiled in the long version."""

RUNS = [
    pytest.param(question, way, id=f"{question.id}{how}", marks=marks if question.id in FEW_BATCHES else [])
    for question in QUESTIONS
    for how, way, marks in (("", contextlib.nullcontext, [pytest.mark.full]), ("-eagerly", eagerly, []))
    if way is not eagerly or question.id in FEW_BATCHES
]


@pytest.mark.parametrize(("question", "way"), RUNS)
def test_the_program_prints_what_is_recorded(question, way, capsys):
    with way():
        runpy.run_path(str(FOLDER / f"{question.id}.py"))
    printed = capsys.readouterr().out
    assert NUMBER.sub("#", printed) == NUMBER.sub("#", question.printed)
    numbers, recorded = ([*map(float, NUMBER.findall(text))] for text in (printed, question.printed))
    assert numbers == pytest.approx(recorded, abs=TOLERANCE)


# What an answer says, as its program prints it: a text that has changed sides would be found here.
CLAIMS = {
    "loss_weights": ("loss is the weighted sum: True", "shared_lstm, head 1 and head 2 move: [True, True, False]"),
    "gradients_add": ("the gradient of the sum is the sum: True", "in head 1, the gradient of loss 2 is None"),
    "loss_in_the_log": ("is it loss? True",),
    "trainable": (
        "frozen before the first fit, it moves: False",
        "frozen after a fit, it moves: True",
        "frozen and compiled again, it moves: False",
        "released without compile, it moves: False",
    ),
    "early_stopping": (
        "'val_predictions1_loss'",
        "stopped before epoch 30: True",
        "predictions1 has its own best epoch back: True",
        "predictions2 has its own best epoch back: True",
        "without a mode: EarlyStopping callback received monitor=val_predictions1_loss, but Keras isn't able",
    ),
    "taking_turns": (
        "changes what task 1 answers: True",
        "the loss is half of that of the labelled rows: True",
        "task 2's head moves: False",
    ),
    "two_metrics": (
        "'metrics': ['accuracy']}\n  ValueError",
        "'predictions1_accuracy', 'predictions1_loss', 'predictions2_accuracy'",
    ),
    "conditional_biasing": ("with a moved bias: True", "by the other's: True"),
    "task_descriptor": (
        "outputs of the model: 1",
        "it is task 1, right about question 2 more than 9 times in 10: False",
    ),
}


@EACH
def test_what_is_recorded_says_what_the_answer_says(question):
    for claim in CLAIMS[question.id]:
        assert claim in question.printed


def test_every_program_has_its_question():
    assert {path.stem for path in FOLDER.glob("*.py")} == {question.id for question in QUESTIONS}
    assert {path.stem for path in FOLDER.glob("*.txt")} == {question.id for question in QUESTIONS}


@EACH
def test_the_program_is_shown_whole_and_without_the_line_for_this_repository(question):
    source = (FOLDER / f"{question.id}.py").read_text()
    assert question.program.startswith("import ")
    assert source.endswith(question.program)


@EACH
def test_sources_can_be_looked_up(question):
    assert question.sources
    for source in question.sources:
        assert re.search(r"\((19|20)\d\d\)", source) or source.startswith("https://keras.io/")


@EACH
def test_an_answer_is_short_and_in_short_sentences(question):
    assert 1 <= len(question.answer) <= 2
    for paragraph in (*question.answer, question.look):
        assert all(len(sentence.split()) <= 30 for sentence in re.split(r"(?<=[.?:])\s+", paragraph))


@EACH
def test_what_the_playground_shows_of_it_is_said_and_is_a_chart_of_it(question):
    assert bool(question.look) == (question.experiment is not None)
    assert question.chart in knob(ViewSpec, "chart").choices
