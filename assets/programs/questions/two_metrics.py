"""Metrics and losses of two outputs in Keras 3: one list a head, or a dict by the output's name."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
x = np.random.normal(size=(32, 3))
y1, y2 = np.random.randint(0, 2, size=(2, 32, 1))

tweet = keras.Input((3,))
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(tweet)
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(tweet)
model = keras.Model(tweet, [predictions1, predictions2])

for settings in (
    {"loss": "binary_crossentropy", "metrics": ["accuracy"]},
    {"loss": "binary_crossentropy", "loss_weights": [1.0, 0.2]},
    {"loss": ["binary_crossentropy"] * 2, "loss_weights": [1.0, 0.2], "metrics": [["accuracy"], ["accuracy"]]},
    {"loss": "binary_crossentropy", "metrics": {"predictions1": "accuracy"}},
):
    print(settings)
    try:
        model.compile(**settings)
        print("  logs", sorted(model.evaluate(x, [y1, y2], verbose=0, return_dict=True)))
    except ValueError as error:
        print("  ValueError:", str(error).partition(",")[0].partition(";")[0])
