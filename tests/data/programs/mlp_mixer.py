# Source: keras.io example "Image classification with modern MLP models", the mixer block; written anew.
import keras
from keras import layers

x_in = keras.Input((6, 4))
x = x_in
for _ in range(2):
    y = layers.LayerNormalization()(x)
    y = layers.Permute((2, 1))(y)
    y = keras.Sequential([layers.Dense(5, activation="gelu"), layers.Dense(6)])(y)
    y = layers.Permute((2, 1))(y)
    x = layers.add([x, y])
    x = layers.add([x, layers.Dense(4)(layers.LayerNormalization()(x))])
model = keras.Model(x_in, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))
