"""Every claim of the words is true wherever it is made: a table of claims, each with what makes it true, over all settings.

What makes a claim true is taken from the call graph, the Bayes risks, the loss weights and the numbers of the run; not from the words.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.figures import answer, dependence, loss, reliance, response
from mtl_core.graph import CallGraph
from mtl_core.records import BoundLines, Epoch, HeadMetrics, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, other_input
from mtl_core.theory import bayes_risk, bound_lines

START = ExperimentSpec().replace(tweets="numbers")
LN2 = math.log(2)


@functools.cache
def graph_of(spec: ExperimentSpec) -> CallGraph:
    return CallGraph.from_spec(spec.model, spec.data)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a screen, without any words."""

    run: Run
    response: Response
    epoch: int

    @property
    def spec(self) -> ExperimentSpec:
        return self.run.spec

    @property
    def graph(self) -> CallGraph:
        return graph_of(self.spec)

    @property
    def bounds(self) -> BoundLines:
        return bound_lines(self.spec.model, self.spec.data, bayes_risk(self.spec.data))

    @property
    def updates(self) -> int:
        return self.spec.train.epochs * math.ceil(self.spec.data.n_train / self.spec.train.batch_size)

    def counts(self, k: int) -> bool:
        """Whether loss k (0 or 1) is in any update."""
        alone = self.spec.train.schedule == "alternate" and self.updates < 2
        return self.spec.train.loss_weights[k] > 0 and not (alone and k == 1)

    def taught(self, k: int) -> bool:
        return self.counts(k) and self.spec.data.shuffled_labels != f"y{k + 1}"

    def changes(self, k: int, layer: str) -> bool:
        """Whether loss k changes a layer before the merge."""
        free = self.spec.train.detach not in (OUTPUTS[k], "both")
        return self.counts(k) and free and layer in self.layers_before(k)

    def layers_before(self, k: int) -> set[str]:
        """Layers with weights on the way to a head: those that its loss could change."""
        graph = self.graph
        calls = [graph[call_id] for call_id in graph.upstream(OUTPUTS[k])]
        return {call.layer for call in calls if call.parameters}

    def path(self, k: int, name: str) -> bool:
        return self.graph.dependence()[OUTPUTS[k], name]

    def crossed(self) -> bool:
        return self.path(0, "tweet_b") or self.path(1, "tweet_a")

    def test(self, k: int, epoch: int | None = None) -> float:
        measured = self.run.at(self.epoch if epoch is None else epoch)
        assert measured is not None
        return measured.test[OUTPUTS[k]].loss

    def noise(self) -> float:
        return 0.02 * math.sqrt(2048 / self.spec.data.n_test)

    def can_beat_own(self, k: int) -> bool:
        """By theory, on average: the best that this shape can do against the best without the other tweet."""
        return self.bounds.floor[1][k] < bayes_risk(self.spec.data).own[k] - self.noise()

    def can_match(self) -> bool:
        """By theory: whether this shape gains anything where only the match of the tweets counts."""
        matching = self.spec.replace(rule="match", mixing_deg=90.0)
        lines = bound_lines(matching.model, matching.data, bayes_risk(matching.data))
        return lines.floor[1][0] < LN2 - 0.1

    def tied(self) -> bool:
        """Whether any layer lies on the way to both heads."""
        return bool(self.layers_before(0) & self.layers_before(1))


Encoders = {"shared LSTM": ("shared_lstm",), "two LSTMs": ("lstm_a", "lstm_b"), "an LSTM": ("shared_lstm",)}


def only(f: Facts, match: re.Match[str]) -> bool:
    k = int(match[1]) - 1
    return all(f.changes(k, layer) and not f.changes(1 - k, layer) for layer in Encoders[match[2]])


def one_way(f: Facts, match: re.Match[str]) -> bool:
    reader, changer = int(match[1]) - 1, int(match[2]) - 1
    return (
        reader != changer
        and f.counts(reader)
        and f.changes(changer, "shared_lstm")
        and not (f.changes(reader, "shared_lstm") or f.crossed())
    )


def better(f: Facts, k: int) -> bool:
    return f.test(k) < f.bounds.own[k]


def was_better(f: Facts, match: re.Match[str]) -> bool:
    k, then = int(match[1]) - 1, int(match[2])
    now, before = f.run.at(f.epoch), f.run.at(then)
    assert now is not None
    assert before is not None
    return f.test(k, then) < f.test(k) and now.train[OUTPUTS[k]].loss < before.train[OUTPUTS[k]].loss


def misled(f: Facts) -> bool:
    places = [(k, INPUTS.index(other_input(output))) for k, output in enumerate(OUTPUTS)]
    costs = [f.response.loss[place][-1] - f.response.loss[place][0] for place in places]
    worth = bayes_risk(f.spec.data).value_of_other
    return f.epoch > 0 and all(f.taught(k) and costs[k] > worth[k] for k in (0, 1))


CLAIMS: dict[str, Callable[[Facts, re.Match[str]], bool]] = {
    # The answer to the question.
    r"both losses also change the shared LSTM": lambda f, _m: all(f.changes(k, "shared_lstm") for k in (0, 1)),
    r"so both losses change it": lambda f, _m: all(f.changes(k, x) for k in (0, 1) for x in ("lstm_a", "lstm_b")),
    r"only head (\d)’s loss changes the (shared LSTM|two LSTMs)": only,
    r"one way, while training: head (\d) reads an LSTM that only head (\d)’s loss changes": one_way,
    r"No loss changes the (shared LSTM|two LSTMs)": lambda f, m: (
        not any(f.changes(k, layer) for k in (0, 1) for layer in Encoders[m[1]])
    ),
    r"couples them only while training|only training ties": lambda f, _m: (
        not f.crossed() and all(f.changes(k, "shared_lstm") for k in (0, 1))
    ),
    r"Head (\d) is not trained": lambda f, m: not f.counts(int(m[1]) - 1),
    r"nothing is trained": lambda f, _m: not (f.counts(0) or f.counts(1)),
    r"make it multi-task|is multi-task all|Both are multi-task|Multi-task by": lambda f, _m: (
        f.counts(0) and f.counts(1)
    ),
    r"it is not multi-task": lambda f, _m: f.counts(0) != f.counts(1),
    r"Head 1 never sees tweet_b, and head 2 never sees tweet_a|no head can see the other": lambda f, _m: (
        not f.crossed()
    ),
    r"Head 1 reads tweet_a and tweet_b, and so|lets each head read": lambda f, _m: all(
        f.path(k, name) for k in (0, 1) for name in INPUTS
    ),
    r"cannot learn how the two match": lambda f, _m: not f.can_match(),
    r"can also learn how the two match": lambda f, _m: f.can_match(),
    r"cannot tell whose tweet is whose": lambda f, _m: f.spec.model.merge in ("add", "multiply"),
    r"no tie at all|nothing ties the tasks|two models in one object": lambda f, _m: not f.tied(),
    # The loss.
    r"Both heads do better than": lambda f, _m: better(f, 0) and better(f, 1),
    r"Head (\d) does better than": lambda f, m: better(f, int(m[1]) - 1),
    r"Neither head does better yet": lambda f, _m: (
        all(f.taught(k) for k in (0, 1)) and any(f.can_beat_own(k) for k in (0, 1))
    ),
    r"Head (\d) learns its task, and does no better yet": lambda f, m: (
        f.taught(int(m[1]) - 1) and not f.taught(2 - int(m[1])) and f.can_beat_own(int(m[1]) - 1)
    ),
    r"No head learns its task": lambda f, _m: not (f.taught(0) or f.taught(1)),
    r"Neither head can do better": lambda f, _m: not (f.can_beat_own(0) or f.can_beat_own(1)),
    r"Before any training": lambda f, _m: f.epoch == 0,
    r"[Hh]ead (\d) was better at epoch (\d+)": was_better,
    r"worth no more than each head’s own tweet": lambda f, _m: f.crossed() and not f.can_beat_own(0),
    r"[Tt]he loss of head (\d) trains that head, and stops": lambda f, m: (
        f.spec.train.detach in (OUTPUTS[int(m[1]) - 1], "both") and f.spec.train.loss_weights[int(m[1]) - 1] > 0
    ),
    r"The tasks take turns": lambda f, _m: f.spec.train.schedule == "alternate",
    # What each head can read.
    r"misleads a head that learned to trust": lambda f, _m: misled(f),
    r"This run did not finish": lambda f, _m: f.run.state == "stopped",
    r"head 1 loses nothing: no path exists|nothing happens to it|costs exactly nothing": lambda f, _m: not f.crossed(),
    r"(\d+) in 100 fewer right answers": lambda f, _m: f.response.accuracy[0, 1, -1] < f.response.accuracy[0, 1, 0],
    r"about as many": lambda f, _m: f.response.accuracy[0, 1, -1] > f.response.accuracy[0, 1, 0] - 0.025,
    r"(tweet_.), head (\d) does not change by one bit|gets another pair’s (tweet_.), head (\d) does not": lambda f, m: (
        not f.path(int(m[2] or m[4]) - 1, m[1] or m[3])
    ),
    r"(tweet_.) 0, because no path exists": lambda f, _m: not f.crossed(),
}


CELLS: dict[str, Callable[[Facts, int, int], bool]] = {
    r"no path": lambda f, k, i: not f.path(k, INPUTS[i]),
    r"reads it": lambda f, k, i: f.path(k, INPUTS[i]),
    r"not learned yet": lambda f, k, _i: (
        f.taught(k) and (f.epoch == 0 or (f.test(k) > LN2 - 1.5 * f.noise() and f.bounds.floor[1][k] < LN2))
    ),
    r"relies on it": lambda f, k, i: f.path(k, INPUTS[i]) and not costs_nothing(f, k, i),
    r"to its harm": lambda f, k, i: f.response.high[k, i, -1] < f.response.loss[k, i, 0],
    r"of no use": lambda f, k, i: f.response.changed[k, i, -1] >= 0.005 and costs_nothing(f, k, i),
    r"does not react": lambda f, k, i: f.response.changed[k, i, -1] < 0.005 and costs_nothing(f, k, i),
}


def costs_nothing(f: Facts, k: int, i: int) -> bool:
    start = f.response.loss[k, i, 0]
    within = f.response.low[k, i, -1] <= start <= f.response.high[k, i, -1]
    right = f.response.accuracy[k, i]
    as_many = right[-1] > right[0] - 0.025
    return bool(as_many and (within or abs(f.response.loss[k, i, -1] - start) < 0.005))


SPECS = st.builds(
    START.replace,
    merge=st.sampled_from(["none", "concatenate", "concatenate", "add", "multiply"]),
    encoder=st.sampled_from(["shared", "separate"]),
    hidden_units=st.sampled_from([0, 8]),
    rule=st.sampled_from(["additive", "match"]),
    mixing_deg=st.sampled_from([0.0, 3.0, 45.0, 45.0, 90.0]),
    feature_angle_deg=st.sampled_from([0.0, 90.0]),
    loss_weights=st.sampled_from([(1, 1), (1, 1), (0.1, 10), (0, 1), (1, 0), (0, 0)]),
    detach=st.sampled_from(["none", "none", "predictions1", "predictions2", "both"]),
    schedule=st.sampled_from(["together", "alternate"]),
    shuffled_labels=st.sampled_from(["none", "none", "none", "y1", "y2"]),
    n_train=st.sampled_from([64, 2048]),
    batch_size=st.sampled_from([32, 64]),
    n_test=st.sampled_from([64, 2048]),
    epochs=st.just(1) | st.just(3),
)
NATS = st.sampled_from([0.05, 0.2, 0.3, 0.45, 0.5, 0.55, 0.65, 0.685, LN2, 0.7, 1.5])
HIGH = st.sampled_from([0.65, 0.7, 0.8])


@st.composite
def screens(draw: st.DrawFn) -> Facts:
    """A run of any legal setting, finished or stopped, of any losses, with a response that heeds its paths."""
    spec = draw(SPECS)
    paths = graph_of(spec).dependence()
    count = draw(st.integers(1, spec.train.epochs + 1))
    nats = draw(st.sampled_from([NATS, NATS, HIGH]))
    epochs = tuple(
        Epoch(
            index,
            0.1,
            train={output: HeadMetrics(draw(nats), 0.6) for output in OUTPUTS},
            test={output: HeadMetrics(draw(nats), 0.6) for output in OUTPUTS},
            reliance={pair: draw(st.sampled_from([-0.01, 0.2])) if path else 0.0 for pair, path in paths.items()},
        )
        for index in range(count)
    )
    state = "finished" if count == spec.train.epochs + 1 else "stopped"
    epoch = draw(st.integers(0, count - 1))
    kept = tuple(range(count)) if state == "finished" else ()
    exists = np.array([[paths[output, name] for name in INPUTS] for output in OUTPUTS], float)[..., None] * [0.0, 1.0]
    costs = draw(st.sampled_from([st.just(1.5), st.sampled_from([-0.3, -0.003, 0.0, 0.002, 0.01, 0.4, 1.5])]))
    draws = np.array([[[draw(costs)] for _ in "ab"] for _ in "12"])
    spread = exists * draw(st.sampled_from([0.0, 0.001, 0.05]))
    rise = 0.3 + exists * draws
    right = 0.8 - exists * draw(st.sampled_from([-0.02, 0.0, 0.004, 0.2]))
    changed = exists * draw(st.sampled_from([0.0, 0.004, 0.005, 0.38]))
    measured = Response("permute", np.array([0.0, 1.0]), rise, rise - spread, rise + spread, right, 8, 2048, changed)
    return Facts(Run(spec=spec, state=state, epochs=epochs, kept=kept), measured, epoch)


def exhibits(f: Facts):
    paths, bounds = f.graph.dependence(), f.bounds
    yield dependence.exhibit(f.run, paths, bounds, f.response if f.run.kept else None, epoch=f.epoch)
    yield loss.exhibit(f.run, f.run, bounds, pinned=f.epoch)
    yield reliance.exhibit(f.run, pinned=f.epoch)
    if f.run.kept:
        yield response.exhibit(f.response, paths, bounds)


def all_that_is_said(f: Facts) -> list[str]:
    texts = [answer.answer(f.spec), answer.in_short(f.spec), answer.headline(f.spec.model), answer.asked(f.spec.data)]
    return texts + [text for exhibit in exhibits(f) for text in (exhibit.heading, exhibit.reading)]


@settings(max_examples=200, deadline=None)
@given(screens())
def test_every_claim_is_true_where_it_is_made(facts):
    for text in all_that_is_said(facts):
        for claim, true in CLAIMS.items():
            for made in re.finditer(claim, text):
                assert true(facts, made), (claim, text)


@settings(max_examples=200, deadline=None)
@given(screens())
def test_no_sentence_is_longer_than_thirty_words(facts):
    for text in [*all_that_is_said(facts), answer.advice()]:
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            assert len(sentence.split()) <= 30, sentence


@settings(max_examples=200, deadline=None)
@given(screens())
def test_every_cell_of_what_a_head_reads_is_true_of_that_head_and_input(facts):
    rows = next(exhibits(facts)).rows()
    for k, row in enumerate(rows):
        for i, name in enumerate(INPUTS):
            claims = [claim for claim in CELLS if re.search(claim, str(row[name]))]
            assert claims, row[name]
            for claim in claims:
                assert CELLS[claim](facts, k, i), (claim, row[name])


@pytest.mark.parametrize("claim", [*CLAIMS, *CELLS])
def test_every_claim_of_the_table_is_one_that_the_app_makes(claim, said):
    assert any(re.search(claim, text) for text in said), "no screen says it: the table is out of date"


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What some thousand screens say."""
    texts: list[str] = []

    @settings(max_examples=1200, deadline=None, database=None, derandomize=True)
    @given(screens())
    def collect(facts: Facts) -> None:
        texts.extend(all_that_is_said(facts))
        texts.extend(str(cell) for row in next(exhibits(facts)).rows() for cell in row.values())

    collect()
    return texts
