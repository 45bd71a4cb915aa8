"""Every sentence of the walkthrough holds in its own runs, whatever the seed; every answer is right for the stated reason."""

import json
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core import language as words
from mtl_core.data import make_task
from mtl_core.graph import CallGraph
from mtl_core.graph.draw.training import training_dot
from mtl_core.inspect.examples import load_example
from mtl_core.lessons.results import Results
from mtl_core.lessons.steps.worlds import ALIKE, CASE1, CASE2, OWN
from mtl_core.lessons.walkthrough import (
    STEPS,
    chosen,
    commit,
    experiments,
    finished,
    latest,
    questions,
    restart,
    settled,
    spec_of,
)
from mtl_core.model import build_model
from mtl_core.records import Epoch, Gallery, HeadMetrics, Run
from mtl_core.response import respond
from mtl_core.spec import INPUTS, OUTPUTS, ViewSpec, knob
from mtl_core.train import train
from tests.mtl_core.lessons.measured import SEEDS, heads_of, measure, measured, results

BY_ID = {step.id: step for step in STEPS}
ALL = [question for step in STEPS for question in step.questions]
WITH_RUNS = [step.id for step in STEPS if step.experiments]
ANSWERS = st.text("-012345", max_size=24)
"""Of twelve questions: a prediction each, and a further try each."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step_id", BY_ID)
def test_what_a_step_tells_learners_to_notice_is_so_for_ten_seeds_of_ten(step_id, seed):
    assert_all_hold(step_id, results(BY_ID[step_id], seed, measured()))


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step_id", WITH_RUNS)
def test_it_is_so_when_all_is_trained_anew(step_id, seed):
    specs = [experiment.spec.replace(seed=seed) for experiment in BY_ID[step_id].experiments]
    assert_all_hold(step_id, results(BY_ID[step_id], seed, {spec.digest(): measure(spec) for spec in specs}))


@pytest.mark.parametrize("step_id", WITH_RUNS)
def test_it_is_so_in_the_recorded_runs_that_learners_see_first(step_id):
    step = BY_ID[step_id]
    runs = {experiment.name: Gallery().head(experiment.spec).run for experiment in step.experiments}
    assert finished(step, runs)
    off = results(step, 0, measured()).off
    assert_all_hold(step_id, Results.of(runs, (off.head1, off.head2)))


def test_what_was_measured_is_what_training_comes_to():
    spec = ALIKE.replace(seed=1)
    for written, now in zip(heads_of(measured()[spec.digest()]), heads_of(measure(spec)), strict=True):
        assert now.right == pytest.approx(written.right, abs=0.03)
        assert now.loss == pytest.approx(written.loss, abs=0.08)
        assert now.flat is written.flat


def assert_all_hold(step_id, seen):
    for notice in BY_ID[step_id].notice:
        sentence = notice.sentence(seen)
        assert notice.holds(seen), sentence
        assert "nan" not in sentence
        assert "not measured" not in sentence
        assert "not a number" not in sentence


def untrained(spec):
    """A run in which nothing was learned: all losses alike, and no head relies on anything."""
    metrics = {output: HeadMetrics(0.6, 0.6) for output in OUTPUTS}
    reliance = {(output, name): 0.0 for output in OUTPUTS for name in INPUTS}
    return Run(spec=spec, state="finished", epochs=(Epoch(0, 0.0, metrics, metrics, reliance),))


@pytest.mark.parametrize("step_id", WITH_RUNS)
def test_a_run_that_came_out_otherwise_is_noticed(step_id):
    step = BY_ID[step_id]
    results = Results.of({e.name: untrained(e.spec) for e in step.experiments}, (0.6, 0.6))
    assert sum(not notice.holds(results) for notice in step.notice) >= (1 if step.show == "shuffle" else 2)


@pytest.mark.parametrize("step_id", BY_ID)
def test_every_question_has_one_right_answer_and_a_why_for_each(step_id):
    for question in BY_ID[step_id].questions:
        assert 3 <= len(question.choices) <= 4
        assert [choice.right for choice in question.choices].count(True) == 1
        assert question.choices[question.right].right
        assert question.text.endswith("?")
        assert all(choice.why.endswith((".", "?")) for choice in question.choices)
        assert len({choice.text for choice in question.choices}) == len(question.choices)


def test_guessing_by_position_does_not_help():
    assert max(Counter(question.right for question in ALL).values()) <= len(ALL) / 2


def test_the_walkthrough_fits_its_link_and_a_lesson():
    assert len(STEPS) <= knob(ViewSpec, "step").high
    assert 2 * len(ALL) <= knob(ViewSpec, "answers").high, "a prediction and a further try for each question"
    assert len(BY_ID) == len(STEPS)
    assert all(1 <= step.minutes <= 3 and len(step.notice) == 3 for step in STEPS)
    assert sum(step.minutes for step in STEPS) <= 30


def graph_agrees(choice, graph):
    if choice.meets:
        return {call.layer for output in graph.outputs for call in graph.first_merges(output)} == {choice.meets}
    dependence = graph.dependence()
    return all(dependence[pair] is path for pair, path in choice.paths.items())


def test_the_call_graph_answers_the_questions_about_other_models():
    about_examples = [question for question in ALL if question.example]
    assert len(about_examples) == 3
    for question in about_examples:
        graph = CallGraph.from_json(load_example(question.example))
        for choice in question.choices:
            assert choice.meets or choice.paths
            assert graph_agrees(choice, graph) is choice.right, choice.text


def texts(step):
    """All that is said in a step."""
    yield from (step.title, step.setup, step.handout.task, step.handout.solution)
    yield from (step.teacher.purpose, step.teacher.timing, *step.teacher.misconceptions)
    yield from (notice.text for notice in step.notice)
    yield from (text for each in step.experiments for text in (each.curve, each.world))
    yield from (cell for row in step.table for cell in row)
    for question in step.questions:
        yield question.text
        yield from (text for choice in question.choices for text in (choice.text, choice.why))


@pytest.mark.parametrize("step_id", BY_ID)
def test_no_sentence_quotes_a_measured_number_that_was_not_measured(step_id):
    for text in texts(BY_ID[step_id]):
        assert re.findall(r"\d+\.\d+", text) == [], text
        assert set(re.findall(r"\d+ in 100", text)) <= {"50 in 100"}, "guessing is right on half; all else is measured"


@pytest.mark.parametrize("step_id", BY_ID)
def test_every_picture_can_be_drawn(step_id):
    step = BY_ID[step_id]
    for picture in (*step.pictures, *step.revealed):
        graph = CallGraph.from_spec(picture.model, picture.data)
        if picture.view == "training":
            assert "loss 1" in training_dot(graph)
            continue
        assert graph.to_dot(view=picture.view, highlight=picture.highlight or None).startswith("digraph")
    if step.show != "transfer":
        assert step.pictures


def test_the_paper_task_of_step_8_is_solved_by_the_graph():
    shared, apart = (CallGraph.from_spec(picture.model, picture.data) for picture in BY_ID["tie"].revealed)
    both, each = BY_ID["tie"].handout.solution.split("An LSTM each:")
    assert {layer for layer in shared.layers_with_weights if len(shared.trained_by(layer)) == 2} == {"shared_lstm"}
    assert "both losses reach shared_lstm, and each its own head" in both
    for number, head in enumerate(apart.outputs, start=1):
        first, second = (layer for layer in apart.layers_with_weights if apart.trains(head, layer))
        assert f"loss {number} reaches {first} and {second}" in each


def test_experiments_are_legal_recorded_once_and_quick_enough_for_a_class():
    specs = experiments()
    assert len(set(specs)) == len(specs)
    assert {experiment.spec for step in STEPS for experiment in step.experiments} == set(specs)
    assert CASE1 in specs
    for spec in specs:
        assert spec.train.seed == 0
        updates = spec.train.epochs * -(-spec.data.n_train // spec.train.batch_size)
        assert updates * spec.data.timesteps <= 12 * 64 * 20


def test_a_learners_own_run_differs_in_its_seed_alone():
    step = BY_ID["worth"]
    assert spec_of(step, "own1", seed=7) == OWN.replace(seed=7)
    with pytest.raises(KeyError):
        spec_of(step, "nothing")


def test_a_step_waits_for_all_its_runs():
    step = BY_ID["shuffle_joined"]
    runs = {experiment.name: untrained(experiment.spec) for experiment in step.experiments}
    assert finished(step, runs)
    assert not finished(step, {"case1": runs["case1"]})
    assert not finished(step, runs | {"case2": Run(spec=step.experiments[1].spec, state="running")})
    assert finished(BY_ID["drawing"], {})


def test_questions_are_numbered_through_the_walkthrough():
    numbers = [number for step in STEPS for number, _question in questions(step)]
    assert numbers == list(range(len(ALL)))
    assert [question for step in STEPS for _number, question in questions(step)] == ALL


@given(ANSWERS, st.integers(0, len(ALL) - 1), st.data())
def test_the_first_choice_is_the_prediction_and_stays_one_however_often_somebody_tries_again(answers, number, data):
    choices = st.integers(0, len(ALL[number].choices) - 1)
    before, first, second = chosen(answers, number), data.draw(choices), data.draw(choices)
    once = commit(answers, number, first)
    twice = commit(once, number, second)
    assert chosen(once, number) == chosen(twice, number) == (first if before is None else before)
    assert latest(twice, number) == second
    assert settled(twice, number) is ALL[number].choices[second].right
    assert ViewSpec(answers=twice).answers == twice
    for other in set(range(len(ALL))) - {number}:
        assert chosen(twice, other) == chosen(answers, other)
        assert latest(twice, other) == latest(answers, other)


@given(ANSWERS, st.sampled_from(STEPS))
def test_a_reset_link_forgets_one_step_and_no_other(answers, step):
    mine = {number for number, _question in questions(step)}
    after = restart(answers, step)
    for number in range(len(ALL)):
        assert chosen(after, number) == (None if number in mine else chosen(answers, number))
        assert latest(after, number) == (None if number in mine else latest(answers, number))


def test_a_lesson_in_another_language_keeps_its_numbers():
    words.language_from(lambda: "qps")
    try:
        step = BY_ID["shuffle_joined"]
        results = Results.of({e.name: untrained(e.spec) for e in step.experiments})
        assert "60" in step.notice[0].sentence(results)
        assert "0.693" in step.notice[2].sentence(results)
    finally:
        words.language_from(lambda: "en")


def test_numbers_are_quoted_as_the_app_formats_them():
    spec = CASE1
    fields = Results.of({"case1": untrained(spec)}, (0.61234, 0.5)).fields
    assert "{case1.head1.right}".format(**fields) == "60 in 100"
    assert "{off.head1} {case1.both} {case1.own}".format(**fields) == "0.612 91 in 100 74 in 100"
    assert "{case1.worth}".format(**fields) == "17 in 100", "the difference of the two, as they are said"


def test_results_read_the_shuffles_off_the_response_where_there_is_one():
    spec = CASE2.replace(epochs=1, n_train=64, n_test=64)
    *epochs, last = train(spec)
    model, split = build_model(spec.model, spec.data, 0), make_task(spec.data, 0).test
    model.set_weights(last.weights)
    run = Run(spec=spec, state="finished", epochs=(*epochs, last), response=respond(model, split, repeats=2))
    head2 = Results.of({"case2": run})["case2"].head2
    assert head2.own_shuffled == run.response.accuracy[1, 1, -1]
    assert head2.flat
    assert f"{Results.of({'case2': untrained(spec)})['case2'].head2.own_shuffled}" == "a number not measured"
    bent = run.response.loss.copy()
    bent[1, 0, 3] = np.nextafter(bent[1, 0, 3], 2)
    moved = Run(
        spec=spec,
        epochs=run.epochs,
        response=type(run.response)("permute", run.response.levels, bent, bent, bent, bent, 2, 64),
    )
    assert not Results.of({"case2": moved})["case2"].head2.flat


def test_the_page_of_lessons_needs_no_keras():
    code = "import sys, json, mtl_core.lessons; print(json.dumps([m for m in ('keras', 'tensorflow') if m in sys.modules]))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == []
