"""The same link means the same experiment for ever, whatever else is in it, and a bad one costs a sentence."""

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mtl_core.spec import (
    DATA_BYTES_LIMIT,
    MEMORY_LIMIT,
    NUMBERS_ONLY,
    STEP_LIMIT,
    UPDATE_LIMIT,
    WORK_LIMIT,
    DataSpec,
    ExperimentSpec,
    ModelSpec,
    SweepSpec,
    TrainSpec,
    ViewSpec,
    fields,
    knobs,
    unknown_keys,
)

PARTS = (ModelSpec, DataSpec, TrainSpec, ViewSpec, SweepSpec)
KEYS = sorted({field.key for part in PARTS for field in knobs(part).values()} | {"v", "utm_source", "nobody", ""})

VERSION_1 = {
    "m": "concatenate",
    "e": "shared",
    "u": 16,
    "h": 0,
    "tw": "numbers",
    "r": "additive",
    "mix": 45.0,
    "fa": 0.0,
    "k": 6.0,
    "s": 0.5,
    "t": 20,
    "d": 8,
    "n": 2048,
    "nt": 2048,
    "sh": "none",
    "ep": 12,
    "b": 32,
    "o": "rmsprop",
    "lr": 0.001,
    "w": (1.0, 1.0),
    "seed": 0,
    "det": "none",
    "lab": (1.0, 1.0),
    "sch": "together",
    "at": -1,
    "head": "both",
    "draw": "calls",
    "p": "permute",
    "wh": "predictions1",
    "own": 0.5,
    "oth": -1.0,
    "sc": 1.0,
    "insp": "case2",
    "step": 1,
    "a": "",
    "pres": False,
    "hide": False,
    "room": "",
    "when": "before",
    "ord": "any",
    "rep": "",
    "lang": "en",
    "ta": "ErMxg-0Ugc",
    "tb": "CrKxi-0Tia",
    "fig": "learning",
    "nats": False,
}
"""What a link of version 1 means where it is silent. Links are out there: never edit a line of this table, see `fields.FORMER_DEFAULTS`.
A field that comes later gets a line that says what was the case before."""

VERSION_2 = VERSION_1 | {"tw": "words", "lr": 0.003}
"""The same of version 2."""


def legal(field):
    """Values of a row, large sizes left out so that most combinations are within the limits."""
    numbers = st.floats(field.low, field.high)
    return {
        "choice": st.sampled_from(field.choices or ("",)),
        "int": st.integers(int(field.low), min(int(field.high), 500)),
        "float": numbers,
        "pair": st.tuples(numbers, numbers),
        "flag": st.booleans(),
        "text": st.text("".join(field.choices) or "-", max_size=int(field.high)),
    }[field.kind]


def specs(part):
    return st.fixed_dictionaries({name: legal(field) for name, field in knobs(part).items()}).map(
        lambda row: made(part, row)
    )


def made(part, row):
    """A spec, without what only numbers have where its tweets are words."""
    words = row.get("tweets") == "words"
    return part(**{name: value for name, value in row.items() if not (words and name in NUMBERS_ONLY)})


@st.composite
def experiments(draw):
    parts = {"model": draw(specs(ModelSpec)), "data": draw(specs(DataSpec)), "train": draw(specs(TrainSpec))}
    try:
        return ExperimentSpec(**parts)
    except ValueError:
        numbers = {} if parts["data"].tweets == "words" else {"timesteps": 2, "features": 3}
        parts["data"] = dataclasses.replace(parts["data"], n_train=300, n_test=300, **numbers)
        parts["train"] = dataclasses.replace(parts["train"], batch_size=1024, epochs=min(parts["train"].epochs, 20))
        return ExperimentSpec(**parts)


SCRIBBLE = (
    st.text(max_size=30) | st.floats().map(str) | st.integers().map(str) | st.sampled_from(["none", "add", "1,2"])
)
SCRIBBLED_LINKS = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), SCRIBBLE)


@given(experiments())
def test_an_experiment_survives_the_trip_through_a_link(experiment):
    query = experiment.to_query()
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in query.items())
    again, notes = ExperimentSpec.from_query(query)
    assert again == experiment
    assert again.digest() == experiment.digest()
    assert notes == []


@given(specs(ViewSpec))
def test_a_view_survives_the_trip_through_a_link(view):
    assert ViewSpec.from_query(view.to_query()) == (view, [])


@given(SCRIBBLED_LINKS)
def test_any_link_whatever_gives_a_legal_experiment_and_says_what_it_changed(query):
    experiment, notes = ExperimentSpec.from_query(query)
    view, view_notes = ViewSpec.from_query(query)
    assert ExperimentSpec.from_query(experiment.to_query()) == (experiment, [])
    assert ViewSpec.from_query(view.to_query()) == (view, [])
    for part, answer in (
        (experiment.model, notes),
        (experiment.data, notes),
        (experiment.train, notes),
        (view, view_notes),
    ):
        for name, field in knobs(part).items():
            taken = field.key in query and field.read(query[field.key], object()) == (getattr(part, name), None)
            defaults = VERSION_1 if query.get("v") == "1" else VERSION_2
            silent = field.key not in query and getattr(part, name) == defaults[field.key]
            assert taken or silent or any(f"{field.label} = " in note for note in answer), name


@given(experiments(), experiments())
def test_experiments_have_the_same_digest_exactly_when_they_are_equal(first, second):
    assume(first != second)
    assert first.digest() != second.digest()
    assert dataclasses.replace(first).digest() == first.digest()


def test_equal_numbers_of_another_type_have_the_same_digest():
    plain = ExperimentSpec().replace(mixing_deg=0.0, lstm_units=4, learning_rate=1.0, loss_weights=(1.0, 0.0))
    other = ExperimentSpec().replace(mixing_deg=-0.0, lstm_units=4.0, learning_rate=1, loss_weights=[1, -0.0])
    third = ExperimentSpec().replace(
        mixing_deg=np.float32(0), lstm_units=np.int64(4), learning_rate=np.float64(1), loss_weights=np.array([1, 0])
    )
    assert plain.digest() == other.digest() == third.digest()
    assert plain == other == third


GOLDEN_DIGEST = "c0b71651b7cf153a90bda5f6b843856c"
"""Stored runs are found by it: it changes only when a default does."""


def test_the_digest_is_the_same_on_every_machine_and_in_every_process():
    assert ExperimentSpec().digest() == GOLDEN_DIGEST
    code = "from mtl_core.spec import ExperimentSpec as E; print(E().digest(), E.question().digest())"
    for hash_seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": hash_seed}
        out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
        assert out.split() == [GOLDEN_DIGEST, ExperimentSpec.question().digest()]


RECORDED_BEFORE_WORDS = {
    "7a52833178e8db4943767e28153e5134": {"u": "64", "t": "280", "d": "256", "n": "256", "nt": "256"},
    "ca2bfba93efdcb3bd3bcf6a11158434e": {},
    "b35f0a56637e0de1e2ad40da4e2ad7c1": {"m": "none", "mix": "0", "fa": "90", "u": "1", "lr": "0.02", "n": "1024"},
}
"""Digests and links of version 1 of runs that were recorded before there were words."""


@pytest.mark.parametrize("digest", RECORDED_BEFORE_WORDS)
def test_a_run_that_was_stored_before_a_field_existed_keeps_its_name(digest):
    query = RECORDED_BEFORE_WORDS[digest] | {"v": "1"}
    assert ExperimentSpec.from_query(query)[0].digest() == digest


@pytest.mark.parametrize("part", PARTS[:3], ids=lambda part: part.__name__)
def test_a_later_field_means_in_old_links_what_its_row_says_was_the_case_before(part):
    for name, field in knobs(part).items():
        if field.before is not None:
            before = ExperimentSpec.from_query({"v": "1"})[0]
            assert field.before in [getattr(p, name, None) for p in (before.model, before.data, before.train)]


@pytest.mark.parametrize(
    ("name", "value"), [("timesteps", 30), ("features", 9), ("signal", 0.7), ("feature_angle_deg", 5.0)]
)
def test_what_only_numbers_have_is_refused_in_words_and_left_out_of_a_link(name, value):
    with pytest.raises(ValueError, match=f"{name} is {value}; it must be .* where tweets are words"):
        DataSpec(tweets="words", **{name: value})
    key, label = knobs(DataSpec)[name].key, knobs(DataSpec)[name].label
    experiment, notes = ExperimentSpec.from_query({"tw": "words", key: str(value)})
    assert experiment.data == DataSpec(tweets="words")
    assert len(notes) == 1
    assert f"{label} = {value}" in notes[0]
    assert getattr(ExperimentSpec.from_query({"tw": "numbers", key: str(value)})[0].data, name) == value


def test_a_tweet_has_the_shape_of_its_world():
    assert DataSpec(tweets="words").shape == (12, 64)
    assert DataSpec(tweets="numbers", timesteps=7, features=3).shape == (7, 3)


@pytest.mark.parametrize(("version", "meaning"), [("1", VERSION_1), ("2", VERSION_2)])
def test_links_of_every_version_keep_their_meaning(version, meaning):
    experiment, notes = ExperimentSpec.from_query({"v": version})
    view, _ = ViewSpec.from_query({"v": version})
    got = {
        field.key: getattr(part, name)
        for part in (experiment.model, experiment.data, experiment.train, view)
        for name, field in knobs(part).items()
    }
    assert notes == []
    assert {key: got[key] for key in meaning} == meaning


def test_a_changed_default_leaves_old_links_alone(monkeypatch):
    monkeypatch.setattr(fields, "VERSION", 2)
    monkeypatch.setattr(fields, "FORMER_DEFAULTS", {1: {"u": 99}, 2: {}})
    assert ExperimentSpec.from_query({"v": "1"})[0].model.lstm_units == 99
    assert ExperimentSpec.from_query({"v": "2"})[0].model.lstm_units == 16
    assert ExperimentSpec.from_query({})[0].model.lstm_units == 16


def test_a_link_of_an_unknown_version_is_read_as_the_newest_and_said():
    experiment, notes = ExperimentSpec.from_query({"v": "77", "u": "4"})
    assert experiment.model.lstm_units == 4
    assert len(notes) == 1
    assert "“77”" in notes[0]


def test_the_first_screen_has_an_empty_link():
    assert ExperimentSpec().to_query() == {"v": "2"}
    assert ViewSpec().to_query() == {"v": "2"}


def test_keys_are_short_and_belong_to_one_field_each():
    keys = [row.key for part in PARTS for row in knobs(part).values()]
    assert len(keys) == len(set(keys))
    assert max(map(len, keys)) <= 4
    assert "v" not in keys


TOO_MUCH = {
    "epochs alone": ({"ep": "200", "n": "16384"}, {"epochs"}),
    "epochs, then training rows": (
        {"t": "280", "d": "256", "u": "256", "n": "4000", "nt": "64"},
        {"epochs", "n_train"},
    ),
    "training rows for the size of the data": ({"t": "280", "d": "256", "nt": "64", "ep": "1"}, {"n_train"}),
    "all three": ({"t": "280", "d": "256", "u": "256", "n": "16384", "nt": "16384"}, {"epochs", "n_train", "n_test"}),
    "one row a batch": ({"b": "1", "n": "16384", "ep": "200", "t": "1"}, {"epochs"}),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_a_combination_over_a_limit_is_lowered_as_little_as_needed_and_said(case):
    query, expected = TOO_MUCH[case]
    experiment, notes = ExperimentSpec.from_query({"tw": "numbers"} | query)
    asked = VERSION_1 | {key: int(value) for key, value in query.items()}
    labels = {name: row.label for part in PARTS for name, row in knobs(part).items()}
    used = {"epochs": experiment.train.epochs, "n_train": experiment.data.n_train, "n_test": experiment.data.n_test}
    lowered = {name for name, key in (("epochs", "ep"), ("n_train", "n"), ("n_test", "nt")) if used[name] < asked[key]}
    assert lowered == expected
    assert len(notes) == 1
    for name in lowered:
        assert f"{labels[name]} = {used[name]}" in notes[0]
    last = [name for name in ("epochs", "n_train", "n_test") if name in lowered][-1]
    with pytest.raises(ValueError, match="limit"):
        experiment.replace(**{last: used[last] + 1})


@pytest.mark.parametrize(
    "query",
    [
        {"t": "280", "d": "2", "u": "256", "b": "1024", "n": "1024", "nt": "64", "ep": "1"},
        {"t": "280", "d": "256", "u": "256", "b": "256", "n": "256", "nt": "256"},
    ],
    ids=["one click that killed a worker eight times", "the question's size, from the sidebar alone"],
)
def test_a_batch_that_no_worker_can_hold_becomes_a_smaller_one(query):
    experiment, notes = ExperimentSpec.from_query({"tw": "numbers"} | query)
    assert experiment.cost.memory <= MEMORY_LIMIT
    assert experiment.train.batch_size < int(query["b"])
    assert experiment.data.n_train == int(query["n"])
    assert notes == [
        "These settings are too much together: a batch would need too much memory. "
        f"Used instead: Batch size = {experiment.train.batch_size}."
    ]
    with pytest.raises(ValueError, match="limit"):
        experiment.replace(batch_size=experiment.train.batch_size + 1)


def test_epochs_give_way_before_rows_do():
    experiment, _ = ExperimentSpec.from_query({"ep": "200", "n": "16384", "nt": "16384"})
    assert experiment.data.n_train == experiment.data.n_test == 16384
    assert experiment.train.epochs < 200


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"timesteps": 280, "features": 2, "lstm_units": 256, "epochs": 30, "batch_size": 1024}, WORK_LIMIT),
        ({"timesteps": 280, "lstm_units": 1, "epochs": 200, "batch_size": 1}, STEP_LIMIT),
        ({"timesteps": 1, "features": 2, "lstm_units": 1, "epochs": 200, "batch_size": 1}, UPDATE_LIMIT),
        ({"timesteps": 280, "features": 256, "n_train": 500, "n_test": 500, "epochs": 1}, DATA_BYTES_LIMIT),
        ({"timesteps": 280, "features": 2, "lstm_units": 256, "epochs": 1, "batch_size": 1024}, MEMORY_LIMIT),
    ],
)
def test_each_limit_is_kept_by_the_constructor_with_its_number(settings, limit):
    with pytest.raises(ValueError, match="limit") as error:
        ExperimentSpec().replace(tweets="numbers", **settings)
    assert f"the limit is {limit:.3g}" in str(error.value)


def test_the_questions_own_model_is_within_the_limits():
    for concatenate, merge in ((True, "concatenate"), (False, "none")):
        spec = ExperimentSpec.question(concatenate)
        assert (spec.model.merge, spec.model.lstm_units) == (merge, 64)
        assert (spec.data.timesteps, spec.data.features, spec.data.n_train, spec.data.n_test) == (280, 256, 256, 256)
        assert (spec.train.optimizer, spec.train.learning_rate) == ("rmsprop", 0.001)


@given(experiments())
def test_the_other_case_differs_in_its_merge_alone(experiment):
    other = experiment.other_case
    assert {experiment.model.merge, other.model.merge} & {"none"}
    assert experiment.model.merge != other.model.merge
    assert other.replace(merge=experiment.model.merge) == experiment


def test_replace_reaches_every_part_and_refuses_what_is_no_field():
    spec = ExperimentSpec().replace(merge="none", rule="match", seed=3)
    assert (spec.model.merge, spec.data.rule, spec.train.seed) == ("none", "match", 3)
    with pytest.raises(TypeError, match="lstm_unit"):
        ExperimentSpec().replace(lstm_unit=3)
    with pytest.raises(ValueError, match=r"mixing_deg is 91; it must be a number from 0 to 90"):
        ExperimentSpec().replace(mixing_deg=91)


def test_specs_cannot_be_changed_and_can_be_looked_up():
    spec = ExperimentSpec()
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.model = ModelSpec()
    assert {spec: 1}[ExperimentSpec()] == 1


def test_unknown_keys_are_said_and_those_of_hosts_are_not():
    notes = unknown_keys({"u": "4", "v": "1", "embed": "true", "utm_source": "x", "colour": "red"})
    assert notes == ["In the link, “colour” is no setting of this app; it was left out."]


def test_a_thousand_unknown_keys_are_one_sentence():
    (note,) = unknown_keys({f"k{i}": "1" for i in range(1000)})
    assert "“k0”, “k1”, “k2”, “k3”, “k4” and 995 more are no settings of this app" in note


@pytest.mark.parametrize("key", ["u", "v", "m", "lr", "head"])
def test_what_a_link_says_is_quoted_on_one_short_line(key):
    text = "# Title\n\n![x](//evil/p.png)\u2028" + "9" * 500
    notes = [
        *ExperimentSpec.from_query({key: text})[1],
        *ViewSpec.from_query({key: text})[1],
        *unknown_keys({text: "1"}),
    ]
    assert notes
    for note in notes:
        assert note.isprintable()
        assert "9" * 40 not in note
