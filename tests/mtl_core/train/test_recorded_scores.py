"""The recorded scores are what training gives: some of them at every test, all of them in the long version."""

import pytest

from assets.study.make_study import main, score
from mtl_core.records.versions import MACHINE_TOLERANCE
from mtl_core.spec import MEASURES, OUTPUTS
from mtl_core.study import recorded, sharing
from mtl_core.study.recorded import read, wanted


def close_to_the_record(spec, tolerance=MACHINE_TOLERANCE):
    again, before = score(spec), recorded()[spec]
    for output in OUTPUTS:
        for measure in MEASURES:
            slack = 2e-3 if measure == "right" else tolerance  # a few answers of 2,048 may lie on the fence
            assert again.value(measure, output) == pytest.approx(before.value(measure, output), abs=slack)
    return again


def test_a_recorded_cell_is_trained_to_its_recorded_scores():
    for spec in sharing.cell("shared", "concatenate", "noise").specs[:2]:
        close_to_the_record(spec)


def test_with_an_encoder_each_and_no_merge_noise_in_task_2_changes_no_digit_of_head_1():
    quiet, loud = (sharing.cell("separate", "none", name).specs[3] for name in ("untouched", "loud_noise"))
    first, second = score(quiet), score(loud)
    assert (first.loss[0], first.right[0]) == (second.loss[0], second.right[0])
    assert first.loss[1] != second.loss[1]


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_the_whole_study_is_trained_to_its_recorded_scores():
    for spec in wanted():
        close_to_the_record(spec)


def test_recording_trains_what_is_missing_only_and_leaves_out_what_is_not_wanted(tmp_path, monkeypatch, capsys):
    first, second = sharing.cell("separate", "none").specs[:2]
    trained = []
    monkeypatch.setattr("assets.study.make_study.score", lambda spec: trained.append(spec) or recorded()[spec])
    file = tmp_path / "scores.json"
    main([], [first], file)
    main([], [second, first], file)
    assert trained == [first, second]
    assert set(read(file)) == {first, second}
    main(["--all"], [second], file)
    assert trained == [first, second, second]
    assert "1 recorded scores" in capsys.readouterr().out
