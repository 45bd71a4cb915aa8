"""What concatenate before a Dense layer is called: conditional biasing, because the other input moves each unit's bias."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
own, other = np.random.normal(size=(2, 8, 16)).astype("float32")

dense = keras.layers.Dense(4)
answer = dense(keras.layers.concatenate([own, other]))
kernel, bias = dense.get_weights()
moved_bias = bias + other @ kernel[16:]
print(
    "it is a Dense layer on its own input with a moved bias:",
    np.allclose(answer, own @ kernel[:16] + moved_bias, atol=1e-5),
)

product = keras.layers.multiply([own, other])
print("multiply scales each number of its own input by the other's:", np.allclose(product, other * own))

scale, shift = keras.layers.Dense(16), keras.layers.Dense(16)
film = scale(other) * own + shift(other)
print("scaled and shifted by what layers make of the other input, it is FiLM:", tuple(film.shape))
