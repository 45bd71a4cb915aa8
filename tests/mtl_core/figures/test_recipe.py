"""What is said of the way of training is what the engine does."""

import pytest

from mtl_core.figures import recipe
from mtl_core.spec import ExperimentSpec

USUAL = ExperimentSpec().replace(n_train=1000)


def test_of_the_usual_way_nothing_is_said():
    assert recipe.remarks(USUAL) == ""
    assert recipe.idle(USUAL) == []


def test_rows_with_a_label_are_counted_and_the_training_loss_is_said_to_be_theirs():
    text = recipe.remarks(USUAL.replace(labelled=(0.25, 1.0)))
    assert "Task 1 has a label on 250 of 1,000 training pairs; its training loss is over these" in text
    assert "Task 2" not in text


def test_turns_are_said():
    assert "each has half of the updates" in recipe.remarks(USUAL.replace(schedule="alternate"))


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        (
            {"detach": "predictions2", "loss_weights": (1.0, 0.0)},
            "The loss of head 2 weighs 0, so stopping its gradient",
        ),
        ({"labelled": (0.5, 1.0), "loss_weights": (0.0, 1.0)}, "The loss of head 1 weighs 0, so its labels"),
        ({"labelled": (0.9999, 1.0)}, "is all of them"),
    ],
)
def test_what_makes_no_difference_is_named(changed, note):
    (sentence,) = recipe.idle(USUAL.replace(**changed))
    assert note in sentence


def test_what_makes_a_difference_has_no_such_note():
    assert recipe.idle(USUAL.replace(detach="both", labelled=(0.5, 0.01), schedule="alternate")) == []
