import shutil
from pathlib import Path

import numpy as np
import pytest

from assets.gallery.make_gallery import main, recorded_specs, write
from mtl_core.records import Gallery, decode_head, split, versions
from mtl_core.records.gallery import FOLDER
from mtl_core.records.versions import MACHINE_TOLERANCE
from mtl_core.spec import INPUTS, OUTPUTS, PRESETS, ExperimentSpec

TINY = ExperimentSpec().replace(tweets="numbers", lstm_units=2, timesteps=3, n_train=64, n_test=64, epochs=2)


@pytest.mark.parametrize(
    "spec", recorded_specs(), ids=lambda spec: "&".join(f"{k}={v}" for k, v in spec.to_query().items())
)
def test_every_preset_and_lesson_is_on_the_first_screen_before_any_training(spec: ExperimentSpec) -> None:
    head = Gallery().head(spec)
    assert head is not None, "run `make gallery`"
    run = head.run
    assert (run.spec, run.state, len(run.epochs)) == (spec, "finished", spec.train.epochs + 1)
    assert run.response is not None
    assert run.response.changed is not None, "run `make gallery`"
    assert all(epoch.gradients is not None for epoch in run.epochs), "run `make gallery`"
    assert run.config is not None
    assert run.kept[0] == 0
    assert run.kept[-1] == spec.train.epochs
    weights = Gallery().weights(spec, run.kept[-1])
    assert weights is not None
    assert all(np.isfinite(array).all() for array in weights)
    assert {name: run.versions[name] for name in ("engine", "keras", "tensorflow")} == {
        name: versions()[name] for name in ("engine", "keras", "tensorflow")
    }, "run `make gallery`"


def test_both_cases_of_every_preset_are_recorded() -> None:
    wanted = {spec for preset in PRESETS.values() for spec in (preset.spec, preset.spec.other_case)}
    assert wanted <= set(recorded_specs())


def test_the_gallery_holds_nothing_else_and_at_most_ten_megabytes() -> None:
    files = [*FOLDER.glob("*.run")]
    assert {file.stem for file in files} == {spec.digest() for spec in recorded_specs()}
    assert sum(file.stat().st_size for file in files) <= 10_000_000


def test_a_recorded_run_trained_again_gives_the_recorded_curves_within_the_stated_tolerance(tmp_path: Path) -> None:
    spec = PRESETS["case1"].spec
    recorded = Gallery().head(spec)
    assert recorded is not None
    again = decode_head(split(write(spec, tmp_path).read_bytes())[0])
    for old, new in zip(recorded.run.epochs, again.run.epochs, strict=True):
        for name in OUTPUTS:
            assert new.train[name].loss == pytest.approx(old.train[name].loss, abs=MACHINE_TOLERANCE)
            assert new.test[name].loss == pytest.approx(old.test[name].loss, abs=MACHINE_TOLERANCE)


def test_where_no_path_exists_the_recorded_response_is_flat_bit_for_bit() -> None:
    recorded = Gallery().head(PRESETS["case2"].spec)
    assert recorded is not None
    response = recorded.run.response
    assert response is not None
    for head, input_ in ((0, 1), (1, 0)):
        assert len(set(response.loss[head, input_])) == 1
        assert recorded.run.epochs[-1].reliance[OUTPUTS[head], INPUTS[input_]] == 0.0


def test_an_experiment_that_was_not_recorded_has_no_run(tmp_path: Path) -> None:
    assert Gallery().head(TINY) is None
    assert Gallery().weights(TINY, 0) is None
    assert Gallery(tmp_path / "missing").head(PRESETS["case1"].spec) is None


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    spec = PRESETS["case1"].spec
    good = (FOLDER / f"{spec.digest()}.run").read_bytes()
    (tmp_path / f"{spec.digest()}.run").write_bytes(good[:-1])
    assert Gallery(tmp_path).head(spec) is None
    assert Gallery(tmp_path).weights(spec, 0) is None


def test_recording_trains_only_what_is_missing_and_removes_what_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = PRESETS["case1"].spec
    shutil.copy(FOLDER / f"{there.digest()}.run", tmp_path)
    (tmp_path / "unwanted.run").write_bytes(b"")
    monkeypatch.setattr("assets.gallery.make_gallery.recorded_specs", lambda: (there, TINY))
    before = (tmp_path / f"{there.digest()}.run").stat().st_mtime_ns
    main([], tmp_path)
    assert {file.stem for file in tmp_path.iterdir()} == {there.digest(), TINY.digest()}
    assert (tmp_path / f"{there.digest()}.run").stat().st_mtime_ns == before
    assert "2 recorded runs" in capsys.readouterr().out
