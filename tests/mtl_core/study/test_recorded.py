"""The recorded scores are those of these versions, and what the app says of them is true: each effect with its interval."""

from pathlib import Path

import pytest

from mtl_core.records import PACKAGES, Estimate, Score, versions
from mtl_core.spec import ExperimentSpec
from mtl_core.study import Contrast, differences, estimates, recorded, sharing
from mtl_core.study.recorded import FILE, made_by, plain, read, wanted

ROOT = Path(__file__).parents[3]


def gap(changed, reference, measure="loss", output="predictions1") -> Estimate:
    """Changed minus reference, seed by seed."""
    return next(iter(differences([Contrast("", changed, reference)], recorded(), measure, output).values()))


def mean(cell, output="predictions1") -> Estimate:
    return next(iter(estimates([cell], recorded(), "loss", output).values()))


def test_what_is_wanted_is_recorded_and_nothing_else_by_these_versions():
    assert set(recorded()) == set(wanted()), "run `make gallery`"
    assert {name: made_by()[name] for name in PACKAGES} == {name: versions()[name] for name in PACKAGES}
    assert FILE.stat().st_size < 200_000
    assert f"are {len(recorded())} runs" in (ROOT / "docs" / "seeds.md").read_text()


def test_what_is_written_is_what_is_read(tmp_path):
    (tmp_path / "scores.json").write_text(plain(recorded(), made_by()))
    assert read(tmp_path / "scores.json") == recorded()


@pytest.mark.parametrize("damage", [{"right": [1]}, {"loss": ["x", 1]}, {"link": {"u": "9999"}}])
def test_a_damaged_record_is_an_error_and_no_number(tmp_path, damage):
    line = {"link": ExperimentSpec().to_query(), **Score((1, 1), (1, 1), (1, 1), (1, 1)).to_plain()} | damage
    (tmp_path / "scores.json").write_text(f'{{"versions": {{}}, "scores": [{line}]}}'.replace("'", '"'))
    with pytest.raises(ValueError):  # noqa: PT011
        read(tmp_path / "scores.json")


@pytest.mark.parametrize("name", [name for name in sharing.INTERVENTIONS if name != "untouched"])
def test_with_an_encoder_each_and_no_merge_nothing_of_task_2_reaches_head_1(name):
    contrast = sharing.contrasts("separate", "none")[name]
    for measure in ("right", "loss", "reliance"):
        assert gap(contrast.changed, contrast.reference, measure).verdict == "same"


@pytest.mark.parametrize("name", [name for name in sharing.INTERVENTIONS if name != "untouched"])
def test_with_a_shared_encoder_all_that_is_done_to_task_2_costs_head_1(name):
    contrast = sharing.contrasts("shared", "none")[name]
    effect = gap(contrast.changed, contrast.reference)
    assert effect.low > 0, effect
    assert effect.mean < 0.1


@pytest.mark.parametrize(("encoder", "merge"), sharing.ARRANGEMENTS[1:])
def test_where_the_tasks_are_tied_noise_in_a_task_that_counts_much_costs_head_1_most(encoder, merge):
    effects = {
        name: gap(contrast.changed, contrast.reference) for name, contrast in sharing.contrasts(encoder, merge).items()
    }
    assert effects["loud_noise"].low > 0.03
    assert max(effects, key=lambda name: effects[name].mean) == "loud_noise"
    assert all(effect.verdict != "same" for effect in effects.values()), "some digits always change"


@pytest.mark.parametrize("encoder", ["separate", "shared"])
def test_a_concatenation_is_worth_far_more_to_head_1_than_a_shared_encoder(encoder):
    merged = gap(sharing.cell(encoder, "concatenate"), sharing.cell(encoder, "none"))
    assert merged.high < -0.2
    for merge in ("none", "concatenate"):
        shared = gap(sharing.cell("shared", merge), sharing.cell("separate", merge))
        assert -0.05 < shared.low < shared.high < 0


def test_a_loss_weight_of_0_with_an_encoder_each_is_a_single_task_and_so_is_a_shared_one_whose_second_task_is_detached():
    alone = sharing.single_task()
    for encoder, name in (("separate", "untouched"), ("shared", "off"), ("shared", "detached")):
        assert gap(sharing.cell(encoder, "none", name), alone).verdict == "same"


def test_the_only_unit_goes_to_the_task_that_weighs_more_and_four_units_are_enough_for_both():
    grid = sharing.capacity()
    one, two, four = ([grid.cell(weight, units, None) for weight in (0.0, 1.0, 10.0)] for units in (1, 2, 4))
    losses = [mean(cell).mean for cell in one]
    assert losses == pytest.approx([0.267, 0.388, 0.665], abs=0.01)
    for units in (one, two, four):
        assert gap(units[2], units[0]).low > 0
        assert gap(units[2], units[0], output="predictions2").high < 0
    assert gap(one[1], four[1]).low > 0.08
    assert gap(four[1], four[0]).high < 0.03
