# Source: keras.io guide "The Functional API", models with several inputs and outputs; written anew.
import keras
from keras import layers

num_tags, num_words, num_departments = 3, 20, 4

title_input = keras.Input(shape=(None,), name="title", dtype="int32")
body_input = keras.Input(shape=(None,), name="body", dtype="int32")
tags_input = keras.Input(shape=(num_tags,), name="tags")

title_features = layers.Embedding(num_words, 6)(title_input)
body_features = layers.Embedding(num_words, 6)(body_input)
title_features = layers.LSTM(5)(title_features)
body_features = layers.LSTM(3)(body_features)
x = layers.concatenate([title_features, body_features, tags_input])

priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)
model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)
model.compile(
    optimizer=keras.optimizers.RMSprop(1e-3),
    loss={"priority": keras.losses.BinaryCrossentropy(from_logits=True), "department": "mse"},
    loss_weights={"priority": 1.0, "department": 0.2},
)
