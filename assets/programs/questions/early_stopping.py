"""Early stopping per head: one model stops as a whole, but each head can have the weights of its own best epoch."""

import tempfile
from pathlib import Path

import keras
import numpy as np

keras.utils.set_random_seed(0)
a, b = np.random.normal(size=(2, 96, 5, 3)).astype("float32")
y1, y2 = np.random.randint(0, 2, size=(2, 96, 1)).astype("float32")

tweet_a, tweet_b = keras.Input((5, 3)), keras.Input((5, 3))
shared_lstm = keras.layers.LSTM(4)
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(shared_lstm(tweet_a))
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(shared_lstm(tweet_b))
model = keras.Model([tweet_a, tweet_b], [predictions1, predictions2])
model.compile(keras.optimizers.Adam(0.03), loss=["binary_crossentropy"] * 2)

folder = Path(tempfile.mkdtemp())
best = [
    keras.callbacks.ModelCheckpoint(
        folder / f"{head}.weights.h5",
        monitor=f"val_{head}_loss",
        mode="min",
        save_best_only=True,
        save_weights_only=True,
    )
    for head in ("predictions1", "predictions2")
]
stop = keras.callbacks.EarlyStopping(monitor="val_predictions1_loss", mode="min", patience=2)
log = model.fit([a, b], [y1, y2], validation_split=0.5, epochs=30, callbacks=[*best, stop], verbose=0).history
print("names to monitor:", sorted(log))
print("both heads stopped before epoch 30:", len(log["loss"]) < 30)

validation = [a[48:], b[48:]], [y1[48:], y2[48:]]
for head in ("predictions1", "predictions2"):
    model.load_weights(folder / f"{head}.weights.h5")
    again = model.evaluate(*validation, verbose=0, return_dict=True)[f"{head}_loss"]
    print(f"{head} has its own best epoch back:", np.isclose(again, min(log[f"val_{head}_loss"]), atol=1e-4))

try:
    stop = keras.callbacks.EarlyStopping(monitor="val_predictions1_loss")
    model.fit([a, b], [y1, y2], validation_split=0.5, callbacks=[stop], verbose=0)
except ValueError as error:
    print("without a mode:", str(error).partition(".")[0])
