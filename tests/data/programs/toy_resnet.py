# Source: keras.io guide "The Functional API", a small residual network; written anew.
import keras
from keras import layers

inputs = keras.Input(shape=(10, 10, 3), name="img")
x = layers.Conv2D(4, 3, activation="relu")(inputs)
x = layers.Conv2D(4, 3, activation="relu")(x)
block_1_output = layers.MaxPooling2D(2)(x)

x = layers.Conv2D(4, 3, activation="relu", padding="same")(block_1_output)
x = layers.Conv2D(4, 3, activation="relu", padding="same")(x)
block_2_output = layers.add([x, block_1_output])

x = layers.GlobalAveragePooling2D()(block_2_output)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(3)(x)
model = keras.Model(inputs, outputs, name="toy_resnet")
