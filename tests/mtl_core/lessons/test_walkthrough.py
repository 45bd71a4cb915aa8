"""Every sentence of the walkthrough holds in its own runs, whatever the seed; every answer is right for the stated reason."""

import functools
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
from mtl_core.lessons.steps.worlds import CASE1, CASE2, OWN
from mtl_core.lessons.walkthrough import STEPS, chosen, commit, experiments, finished, questions, restart, spec_of
from mtl_core.model import build_model
from mtl_core.records import Epoch, Gallery, HeadMetrics, Run
from mtl_core.response import block_scale, respond
from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, ViewSpec, knob
from mtl_core.train import train

BY_ID = {step.id: step for step in STEPS}
ALL = [question for step in STEPS for question in step.questions]
WITH_RUNS = [step.id for step in STEPS if step.experiments]
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 10))]
"""Seed 0 is that of the recorded runs; the others are trained here."""

ANSWERS = st.text("-012345", max_size=24)


def trained(spec):
    """A finished run, and its last weights: the recorded one, which learners see first, or a fresh one."""
    recorded = Gallery().head(spec)
    if recorded is not None:
        return recorded.run, Gallery().weights(spec, spec.train.epochs)
    *epochs, last = train(spec)
    return Run(spec=spec, state="finished", epochs=(*(epoch.without_weights() for epoch in epochs), last)), last.weights


@functools.cache
def answered(spec, asked):
    """A finished run as a step shows it: with the response that it asks for, and its blocks cut off."""
    run, weights = trained(spec)
    if asked not in ("shuffle", "scale"):
        return run, None
    model, split = build_model(spec.model, spec.data, 0), make_task(spec.data, spec.train.seed).test
    model.set_weights(weights)
    response = run.response or respond(model, split, repeats=2)
    cut = block_scale(model, split, [0.0])[:, 0] if spec.model.merge == "concatenate" else None
    return Run(spec=spec, state="finished", epochs=run.epochs, response=response), cut


@functools.cache
def results_of(step_id, seed):
    """What a step's experiments come to with this seed; runs that steps have in common are trained once."""
    step = BY_ID[step_id]
    shuffled = {e.spec for s in STEPS if s.show in ("shuffle", "scale") for e in s.experiments}
    outcomes = {
        e.name: answered(e.spec.replace(seed=seed), "scale" if e.spec in shuffled else "losses")
        for e in step.experiments
    }
    runs = {name: run for name, (run, _cut) in outcomes.items()}
    assert finished(step, runs)
    cuts = [cut for _run, cut in outcomes.values() if cut is not None]
    return Results.of(runs, tuple(cuts[0])) if cuts else Results.of(runs)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step_id", BY_ID)
def test_what_a_step_tells_learners_to_notice_is_so(step_id, seed):
    results = results_of(step_id, seed)
    for notice in BY_ID[step_id].notice:
        sentence = notice.sentence(results)
        assert notice.holds(results), sentence
        assert "nan" not in sentence
        assert "not a number" not in sentence


@pytest.mark.parametrize("seed", SEEDS)
def test_teachers_are_told_rightly_that_sharing_protects_from_learning_by_heart(seed):
    seen = results_of("sharing", seed)
    shared, each = (sum(head.least for head in seen[name].heads) / 2 for name in ("alike_shared", "alike_each"))
    assert abs(shared - each) < 0.08


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
    assert len(ALL) <= knob(ViewSpec, "answers").high
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
    yield from (text for trial in step.experiments for text in (trial.curve, trial.world))
    for question in step.questions:
        yield question.text
        yield from (text for choice in question.choices for text in (choice.text, choice.why))


@pytest.mark.parametrize("step_id", BY_ID)
def test_no_sentence_quotes_a_measured_number_that_was_not_measured(step_id):
    exact = {"0.693"}  # ln 2
    for text in texts(BY_ID[step_id]):
        assert set(re.findall(r"\d+\.\d+", text)) <= exact, text


@pytest.mark.parametrize("step_id", BY_ID)
def test_every_picture_can_be_drawn(step_id):
    step = BY_ID[step_id]
    for picture in (*step.pictures, *step.revealed):
        graph = CallGraph.from_spec(picture.model, DataSpec())
        if picture.view == "training":
            assert "loss 1" in training_dot(graph)
            continue
        assert graph.to_dot(view=picture.view, highlight=picture.highlight or None).startswith("digraph")
    if step.show != "transfer":
        assert step.pictures


def test_the_paper_task_of_step_8_is_solved_by_the_graph():
    shared, apart = (CallGraph.from_spec(picture.model, DataSpec()) for picture in BY_ID["tie"].revealed)
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
def test_a_choice_survives_in_the_link_and_is_made_once(answers, number, data):
    choice = data.draw(st.integers(0, len(ALL[number].choices) - 1))
    before = chosen(answers, number)
    after = commit(answers, number, choice)
    assert chosen(after, number) == (choice if before is None else before)
    assert ViewSpec(answers=after).answers == after
    assert all(chosen(after, other) == chosen(answers, other) for other in range(len(ALL)) if other != number)


@given(ANSWERS, st.sampled_from(STEPS))
def test_a_reset_link_forgets_one_step_and_no_other(answers, step):
    mine = {number for number, _question in questions(step)}
    after = restart(answers, step)
    for number in range(len(ALL)):
        assert chosen(after, number) == (None if number in mine else chosen(answers, number))


def test_a_lesson_in_another_language_keeps_its_numbers():
    words.language_from(lambda: "qps")
    try:
        step = BY_ID["shuffle_joined"]
        results = Results.of({e.name: untrained(e.spec) for e in step.experiments})
        assert "0.6" in step.notice[0].sentence(results)
        assert "0.693" in step.notice[0].sentence(results)
    finally:
        words.language_from(lambda: "en")


def test_numbers_are_quoted_as_the_app_formats_them():
    spec = CASE1
    fields = Results.of({"case1": untrained(spec)}, (0.61234, 0.5)).fields
    assert "{case1.head1.right}".format(**fields) == "60 in 100"
    assert "{off.head1} {case1.both} {case1.worth}".format(**fields) == "0.612 0.206 0.313"


def test_results_read_the_shuffles_off_the_response_where_there_is_one():
    spec = CASE2.replace(epochs=1, n_train=64, n_test=64)
    run, _cut = answered(spec, "shuffle")
    head2 = Results.of({"case2": run})["case2"].head2
    own = run.response.loss[1, 1]
    assert head2.own_cost == own[-1] - own[0]
    assert head2.flat
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
