# Source: questions about MMoE (gates over shared experts, a tower for each task); written anew.
import keras
from keras import layers, ops

num_experts, num_tasks = 3, 2
a = keras.Input((5,), name="a")
b = keras.Input((4,), name="b")
both = layers.concatenate([a, b])
experts = [layers.Dense(4, activation="relu")(both) for _ in range(num_experts)]
stacked = layers.Lambda(lambda tensors: ops.stack(tensors, axis=1))(experts)
outputs = []
for task in range(num_tasks):
    gate = layers.Dense(num_experts, activation="softmax", name=f"gate_{task}")(both)
    gate = layers.Reshape((num_experts, 1))(gate)
    mixed = layers.Multiply()([stacked, gate])
    mixed = layers.Lambda(lambda t: ops.sum(t, axis=1))(mixed)
    tower = layers.Dense(3, activation="relu")(mixed)
    outputs.append(layers.Dense(1, name=f"task_{task}")(tower))
model = keras.Model(inputs=[a, b], outputs=outputs)
