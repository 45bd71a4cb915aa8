"""A comparison is a grid of experiments that differ in what is varied and in nothing else; a link names it, however it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.spec import BETWEEN, FACTORS, ExperimentSpec, SweepSpec, ViewSpec, unknown_keys
from mtl_core.study import MOST_ALONG, MOST_PANELS, Sweep

BASE = ExperimentSpec()
NUMBERS = BASE.replace(tweets="numbers")


def sweep(base=BASE, **wanted):
    grid, notes = Sweep.of(base, SweepSpec(**wanted))
    assert notes == []
    return grid


def test_what_is_compared_first_is_both_cases_at_three_angles():
    grid = sweep()
    assert grid.seeds == (0, 1, 2)
    assert len(grid.specs) == 3 * 2 * 3
    assert {(spec.data.mixing_deg, spec.model.merge) for spec in grid.specs} == {
        (angle, merge) for angle in (0, 45, 90) for merge in ("none", "concatenate")
    }


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(FACTORS)),
    st.sampled_from(["none", *sorted(FACTORS)]),
    st.booleans(),
    st.integers(3, 4),
    st.sampled_from([BASE, NUMBERS, BASE.other_case, NUMBERS.replace(merge="multiply")]),
)
def test_what_is_compared_differs_in_one_setting_alone_and_shares_the_seed(vary, also, both, seeds, base):
    grid, _notes = Sweep.of(base, SweepSpec(vary=vary, also=also, both_cases=both, seeds=seeds))
    assert len(set(grid.specs)) == len(grid.specs) <= MOST_ALONG * MOST_PANELS * 4 * seeds
    for contrast in grid.contrasts:
        factor = FACTORS[contrast.name]
        before, after = contrast.values
        assert before != after
        assert len(contrast.changed.specs) == len(contrast.reference.specs) == seeds
        for changed, reference in zip(contrast.changed.specs, contrast.reference.specs, strict=True):
            assert factor.put(reference, after) == changed
            assert factor.put(changed, before) == reference


def test_cases_are_compared_at_each_place_and_settings_with_the_first_of_them():
    cases = sweep(vary="units", vary_values="2~8")
    assert [(each.name, each.values, each.changed.along) for each in cases.contrasts] == [
        ("merge", ("none", "concatenate"), 2),
        ("merge", ("none", "concatenate"), 8),
    ]
    alone = sweep(vary="units", vary_values="2~8~4", both_cases=False)
    assert [(each.name, each.values) for each in alone.contrasts] == [("units", (2, 4)), ("units", (2, 8))]


@pytest.mark.parametrize(("vary", "also"), [("merge", "none"), ("merge", "units"), ("units", "merge")])
def test_where_the_merge_itself_is_varied_every_merge_is_compared_with_none(vary, also):
    grid = sweep(vary=vary, also=also)
    assert {(each.name, each.values[0]) for each in grid.contrasts} == {("merge", "none")}
    assert {each.values[1] for each in grid.contrasts} == {"concatenate", "add", "multiply"}


def test_the_first_seed_of_every_place_is_trained_before_the_second_of_any():
    seeds = [spec.train.seed for spec in sweep(seeds=4, first_seed=7).specs]
    assert seeds == sorted(seeds)
    assert set(seeds) == {7, 8, 9, 10}


@pytest.mark.parametrize(
    ("base", "wanted", "values", "said"),
    [
        (BASE, {"vary": "units", "vary_values": "0~16~999"}, (1, 16, 256), "a whole number from 1 to 256"),
        (BASE, {"vary": "angle", "vary_values": "30~steep"}, (30.0,), "“steep” is not a number from 0 to 90"),
        (BASE, {"vary": "merge", "vary_values": "add~glue"}, ("add",), "“glue” is not one of none"),
        (BASE, {"vary": "units", "vary_values": "4~4.0~4"}, (4,), ""),
        (BASE, {"vary": "units", "vary_values": "~~"}, (1, 4, 16), ""),
        (BASE, {"vary": "units", "vary_values": "16~1"}, (1, 16), ""),
        (BASE, {"vary": "rows", "vary_values": "64~65~66~67~68~69~70"}, (64, 65, 66, 67, 68, 69), "only the first 6"),
        (BASE, {"vary": "feature_angle"}, (0.0,), "where tweets are words"),
        (NUMBERS, {"vary": "feature_angle"}, (0.0, 45.0, 90.0), ""),
        (NUMBERS.replace(epochs=200), {"vary": "rows", "vary_values": "128~16384"}, (128,), "left out"),
        (BASE, {"vary": "labels2", "vary_values": "0~0.5"}, (0.01, 0.5), "a number from 0.01 to 1"),
    ],
)
def test_a_value_that_cannot_be_is_the_nearest_that_can_or_left_out_and_that_is_said(base, wanted, values, said):
    grid, notes = Sweep.of(base, SweepSpec(**wanted))
    assert grid.along.values == values
    assert (said in " ".join(notes)) if said else notes == []


def test_no_setting_is_varied_twice():
    grid, notes = Sweep.of(BASE, SweepSpec(vary="units", also="units"))
    assert grid.panels.values == (None,)
    assert "LSTM units is varied already" in notes[0]


SCRIBBLE = st.text(max_size=20) | st.lists(st.floats().map(str) | st.sampled_from(["none", "add", "x"])).map(
    BETWEEN.join
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["by", "by2", "val", "val2", "ns", "s0", "both", "meas", "mh"]), SCRIBBLE))
def test_whatever_a_link_says_there_is_a_grid_and_the_rest_of_the_link_is_untouched(query):
    whole = {**query, "u": "32", "m": "none", "at": "3"}
    wanted, _notes = SweepSpec.from_query(whole)
    grid, _more = Sweep.of(ExperimentSpec.from_query(whole)[0], wanted)
    assert grid.specs
    assert ExperimentSpec.from_query(whole) == (BASE.replace(lstm_units=32, merge="none"), [])
    assert ViewSpec.from_query(whole) == (ViewSpec(epoch=3), [])
    assert unknown_keys(whole) == []


@given(
    st.builds(
        SweepSpec,
        vary=st.sampled_from(sorted(FACTORS)),
        also=st.sampled_from(["none", *FACTORS]),
        vary_values=st.sampled_from(["", "1~2", "none~add"]),
        seeds=st.integers(3, 10),
        first_seed=st.integers(0, 1000),
        both_cases=st.booleans(),
        measure=st.sampled_from(["right", "loss", "reliance", "distance"]),
    )
)
def test_a_comparison_survives_the_trip_through_a_link_beside_its_experiment(wanted):
    link = {**NUMBERS.to_query(), **ViewSpec(step=4).to_query(), **wanted.to_query()}
    assert SweepSpec.from_query(link) == (wanted, [])
    assert ExperimentSpec.from_query(link) == (NUMBERS, [])


@pytest.mark.parametrize("name", FACTORS)
def test_every_setting_can_be_read_back_and_offers_legal_values(name):
    factor = FACTORS[name]
    assert len(factor.offered) >= 2
    for value in factor.offered:
        assert factor.of(factor.put(NUMBERS, value)) == value
        assert factor.knob.read(factor.knob.write(value), None) == (value, None)


def test_a_share_of_one_task_leaves_the_other_alone():
    both = FACTORS["labels2"].put(FACTORS["labels1"].put(NUMBERS, 0.1), 0.5)
    assert both.train.labelled == (0.1, 0.5)
    assert FACTORS["weight2"].put(NUMBERS, 3.0).train.loss_weights == (1.0, 3.0)
