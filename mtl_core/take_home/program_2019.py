"""The question's own program of 2019, and what has happened to it since."""

from __future__ import annotations

from mtl_core.language import N_, _

__all__ = ["question_2019"]


def question_2019() -> list[tuple[str, str | None]]:
    """The question's programs, line by line, each with what is wrong with it in Keras 3; None if nothing is."""
    return [(line, _(_GONE[line]) if line in _GONE else None) for line in _QUESTION.splitlines()]


_QUESTION = """\
# Case 1
import keras
from keras.layers import Input, LSTM, Dense
from keras.models import Model
from keras.utils.vis_utils import plot_model

tweet_a = Input(shape=(280, 256))
tweet_b = Input(shape=(280, 256))

shared_lstm = LSTM(64)
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)

merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1)
predictions1 = Dense(1, activation='sigmoid')(merged_vector)
predictions2 = Dense(1, activation='sigmoid')(merged_vector)

model = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])

# Case 2: the same but for the heads
predictions1 = Dense(1, activation='sigmoid')(encoded_a)
predictions2 = Dense(1, activation='sigmoid')(encoded_b)

model = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])"""

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
