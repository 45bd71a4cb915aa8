"""What `loss` in a log is: the weighted sum of the heads' losses plus what regularisers add, averaged over the batches so far."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
a, b = np.random.normal(size=(2, 64, 5, 3)).astype("float32")
y1, y2 = np.random.randint(0, 2, size=(2, 64, 1)).astype("float32")

tweet_a, tweet_b = keras.Input((5, 3)), keras.Input((5, 3))
shared_lstm = keras.layers.LSTM(4, kernel_regularizer=keras.regularizers.L2(0.1))
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(shared_lstm(tweet_a))
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(shared_lstm(tweet_b))
model = keras.Model([tweet_a, tweet_b], [predictions1, predictions2])
model.compile(keras.optimizers.SGD(0.5), loss=["binary_crossentropy"] * 2, loss_weights=[1.0, 0.2])

log = model.fit([a, b], [y1, y2], batch_size=16, verbose=0).history
print("during the epoch:", {name: round(values[0], 3) for name, values in log.items()})
end = model.evaluate([a, b], [y1, y2], verbose=0, return_dict=True)
print("at its end:      ", {name: round(value, 3) for name, value in end.items()})
heads, extra = end["predictions1_loss"] + 0.2 * end["predictions2_loss"], float(sum(model.losses))
print(f"weighted sum {heads:.3f} + regularisers {extra:.3f}: is it loss?", np.isclose(end["loss"], heads + extra))
