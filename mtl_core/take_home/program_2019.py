"""The question's own program of 2019, and what has happened to it since."""

from __future__ import annotations

from pathlib import Path

from mtl_core.language import N_, _

__all__ = ["question_2019"]


PROGRAM = Path(__file__).parents[2] / "assets" / "programs" / "question_2019.py"


def question_2019() -> list[tuple[str, str | None]]:
    """The question's programs, line by line, each with what is wrong with it in Keras 3; None if nothing is."""
    _opening, program = PROGRAM.read_text(encoding="utf-8").split("\n\n", 1)
    return [(line, _(_GONE[line]) if line in _GONE else None) for line in program.splitlines()]


_GONE = {
    "from keras.utils.vis_utils import plot_model": N_(
        "The module `keras.utils.vis_utils` is gone from Keras 3, so the import raises ModuleNotFoundError. "
        "Write `from keras.utils import plot_model`."
    ),
    "model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])": N_(
        "With two outputs, Keras 3 raises ValueError at the first `fit` or `evaluate`: it wants metrics for each output. "
        "Write `metrics=[['accuracy'], ['accuracy']]`, or a dict by output name."
    ),
}
"""By line: what Keras 3 does with it. A test runs both programs."""
