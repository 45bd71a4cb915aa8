"""Two data sets for two tasks: two models that share a layer and take turns; or one model and sample weights."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
a, b = np.random.normal(size=(64, 5, 3)), np.random.normal(size=(32, 5, 3))  # of different lengths
y1, y2 = np.random.randint(0, 2, size=(64, 1)), np.random.randint(0, 2, size=(32, 1))

tweet_a, tweet_b = keras.Input((5, 3)), keras.Input((5, 3))
shared_lstm = keras.layers.LSTM(4)
task1 = keras.Model(tweet_a, keras.layers.Dense(1, activation="sigmoid")(shared_lstm(tweet_a)))
task2 = keras.Model(tweet_b, keras.layers.Dense(1, activation="sigmoid")(shared_lstm(tweet_b)))
for task in (task1, task2):
    task.compile("sgd", "binary_crossentropy")

before = task1.predict_on_batch(a)
for _ in range(3):
    task2.train_on_batch(b, y2)
print("training task 2 alone changes what task 1 answers:", bool((task1.predict_on_batch(a) != before).any()))
task1.train_on_batch(a, y1)  # its turn; each of the two models has an optimizer of its own

# One model, where rows that have no label for task 2 weigh nothing in its loss.
both = keras.Model([tweet_a, tweet_b], [task1.output, task2.output])
both.compile("sgd", ["binary_crossentropy"] * 2)
head2 = task2.layers[-1].get_weights()[0]
labelled = np.repeat([1.0, 0.0], 16)
alone = task2.test_on_batch(b[:16], y2[:16])
_, _, loss2 = both.test_on_batch([a[:32], b], [y1[:32], y2], sample_weight=[np.ones(32), labelled])
print("with half of the labels, the loss is half of that of the labelled rows:", np.isclose(loss2, alone / 2))
both.train_on_batch([a[:32], b], [y1[:32], y2], sample_weight=[np.ones(32), np.zeros(32)])
print("with no label at all, task 2's head moves:", bool((task2.layers[-1].get_weights()[0] != head2).any()))
