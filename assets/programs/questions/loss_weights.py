"""What loss_weights do: they multiply each head's loss in the sum that training makes smaller, and nothing else."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
a, b = np.random.normal(size=(2, 64, 5, 3)).astype("float32")
y1, y2 = np.random.randint(0, 2, size=(2, 64, 1)).astype("float32")

tweet_a, tweet_b = keras.Input((5, 3)), keras.Input((5, 3))
shared_lstm = keras.layers.LSTM(4)
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(shared_lstm(tweet_a))
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(shared_lstm(tweet_b))
model = keras.Model([tweet_a, tweet_b], [predictions1, predictions2])

for weights in ([1.0, 1.0], [1.0, 0.2], [1.0, 0.0]):
    model.compile(loss=["binary_crossentropy"] * 2, loss_weights=weights)
    log = model.evaluate([a, b], [y1, y2], verbose=0, return_dict=True)
    first, second = log["predictions1_loss"], log["predictions2_loss"]
    print(f"weights {weights}: heads {first:.3f} and {second:.3f}, loss {log['loss']:.3f}")
    print("  loss is the weighted sum:", np.isclose(log["loss"], weights[0] * first + weights[1] * second))

before = [layer.get_weights()[0] for layer in (shared_lstm, *model.layers[-2:])]
model.fit([a, b], [y1, y2], verbose=0)
moved = [bool((layer.get_weights()[0] != w).any()) for layer, w in zip((shared_lstm, *model.layers[-2:]), before)]
print("trained with weight 0 for head 2; shared_lstm, head 1 and head 2 move:", moved)
