"""The trained model leaves the app as a file that Keras opens, with the app's own scores."""

import io
import warnings
import zipfile

import keras
import numpy as np
import pytest

from mtl_core.data import make_task
from mtl_core.graph import CallGraph
from mtl_core.jobs.inquiries import KINDS
from mtl_core.jobs.tasks import answer
from mtl_core.model import build_model, keras_file
from mtl_core.spec import OUTPUTS, ExperimentSpec
from mtl_core.train import train
from tests.eagerly import eagerly

SPEC = ExperimentSpec().replace(
    tweets="numbers", timesteps=4, features=3, n_train=96, n_test=70, lstm_units=3, epochs=1, seed=5
)


def untrained(spec):
    """The weights that training begins with."""
    return build_model(spec.model, spec.data, spec.train.seed).get_weights()


@pytest.mark.parametrize(
    "spec",
    [
        SPEC,
        SPEC.other_case.replace(optimizer="adam", loss_weights=(1.0, 0.5)),
        SPEC.replace(detach="predictions2", hidden_units=2),
    ],
    ids=["case 1", "case 2", "detached"],
)
def test_the_file_opens_in_keras_and_scores_as_the_app_says(spec, tmp_path):
    last = list(train(spec))[-1]
    path = tmp_path / "taken home.keras"
    path.write_bytes(keras_file(spec, last.weights))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = keras.saving.load_model(path)
    test = make_task(spec.data, spec.train.seed).test
    # In one batch, because Keras gives batches of different sizes the same weight in the loss of a single head.
    rows = len(test.y1)
    with eagerly():
        scores = model.evaluate([test.a, test.b], [test.y1, test.y2], batch_size=rows, verbose=0, return_dict=True)
    for head in OUTPUTS:
        assert scores[f"{head}_loss"] == pytest.approx(last.test[head].loss, abs=1e-4)
        assert scores[f"{head}_accuracy"] == pytest.approx(last.test[head].accuracy, abs=1e-6)
    assert type(model.optimizer).__name__.lower() == spec.train.optimizer
    assert float(model.optimizer.learning_rate) == pytest.approx(spec.train.learning_rate)


def test_the_inspector_reads_the_file():
    assert CallGraph.from_keras_file(keras_file(SPEC, untrained(SPEC))) == CallGraph.from_spec(SPEC.model, SPEC.data)


@pytest.mark.parametrize("detach", ["predictions1", "predictions2", "both"])
def test_the_file_trains_on_as_the_app_trained(detach):
    for spec in (SPEC.replace(detach=detach), SPEC.other_case.replace(detach=detach, loss_weights=(1.0, 0.0))):
        read, ours = CallGraph.from_keras_file(keras_file(spec, untrained(spec))), CallGraph.from_experiment(spec)
        assert read.loss_weights == ours.loss_weights
        for head in OUTPUTS:
            for layer in ours.layers_with_weights:
                assert read.trains(head, layer) == ours.trains(head, layer), (head, layer)


def test_a_worker_makes_the_file_when_a_page_asks_for_it():
    assert "keras_file" in KINDS
    assert zipfile.is_zipfile(io.BytesIO(answer(SPEC, untrained(SPEC), "keras_file", {})))


def test_weights_of_another_model_are_refused():
    weights = untrained(SPEC)
    with pytest.raises(ValueError, match=r"shape|weights"):
        keras_file(SPEC.replace(lstm_units=5), weights)
    with pytest.raises(ValueError, match="weights"):
        keras_file(SPEC, [np.zeros(3, np.float32)])
