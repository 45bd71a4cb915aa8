"""Gradients of a sum are added: what one update does to a shared weight is decided by both tasks at once."""

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
a, b = np.random.normal(size=(2, 64, 5, 3)).astype("float32")
y1, y2 = np.random.randint(0, 2, size=(2, 64, 1)).astype("float32")

tweet_a, tweet_b = keras.Input((5, 3)), keras.Input((5, 3))
shared_lstm = keras.layers.LSTM(4)
predictions1 = keras.layers.Dense(1, activation="sigmoid")(shared_lstm(tweet_a))
predictions2 = keras.layers.Dense(1, activation="sigmoid")(shared_lstm(tweet_b))
model = keras.Model([tweet_a, tweet_b], [predictions1, predictions2])

with tf.GradientTape(persistent=True) as tape:
    p1, p2 = model([a, b])
    loss1 = tf.reduce_mean(keras.losses.binary_crossentropy(y1, p1))
    loss2 = tf.reduce_mean(keras.losses.binary_crossentropy(y2, p2))
    loss = 1.0 * loss1 + 0.2 * loss2

kernel = shared_lstm.trainable_variables[0].value
both, first, second = (tape.gradient(each, kernel).numpy() for each in (loss, loss1, loss2))
print("in the shared LSTM, the gradient of the sum is the sum:", np.allclose(both, first + 0.2 * second, atol=1e-6))
cosine = (first * second).sum() / np.linalg.norm(first) / np.linalg.norm(second)
print(f"cosine between the two tasks' gradients: {cosine:.2f}")
head1 = model.layers[-2].trainable_variables[0].value
print("in head 1, the gradient of loss 2 is", tape.gradient(loss2, head1))
