"""The lines of a chart are the theory's, and one line has one name."""

import pytest

from mtl_core.data import make_labels
from mtl_core.spec import DataSpec, ModelSpec
from mtl_core.theory import bayes_loss, bayes_risk, bound_lines, lower_bound

MODELS = [
    ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge in ("none", "concatenate", "add", "multiply")
    for encoder in ("shared", "separate")
    for hidden in (0, 8)
]


@pytest.mark.parametrize("rule", ["additive", "match"])
@pytest.mark.parametrize("model", MODELS, ids=lambda m: f"{m.merge}-{m.encoder}-{m.hidden_units}")
def test_the_floor_is_the_lower_bound_of_the_theory(model, rule):
    data = DataSpec(tweets="numbers", rule=rule, mixing_deg=30.0)
    lines = bound_lines(model, data, bayes_risk(data))
    name, nats = lower_bound(model, data)
    assert lines.floor == (name, (pytest.approx(nats), pytest.approx(nats)))
    assert lines.lines(0)[lines.floor_line(0)] == pytest.approx(nats, abs=1e-3)


@pytest.mark.parametrize(("rule", "name"), [("additive", "both"), ("match", "own")])
def test_adding_up_is_both_tweets_under_the_additive_rule_and_the_own_tweet_under_match(rule, name):
    data = DataSpec(tweets="numbers", rule=rule)
    lines = bound_lines(ModelSpec(), data, bayes_risk(data))
    assert lines.floor[0] == "additive"
    assert lines.floor_line(0) == lines.floor_line(1) == name
    assert list(lines.lines(0)) == [name, *(key for key in ("chance", "own", "both") if key != name)]


def test_on_a_split_the_lines_are_that_splits():
    data = DataSpec(tweets="numbers")
    lines = bound_lines(ModelSpec(merge="none"), data, bayes_loss(make_labels(data, 0, "test"), data))
    assert lines.own[0] != lines.own[1]
    assert lines.floor == ("own", lines.own)
