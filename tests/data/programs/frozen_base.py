# Source: keras.io guide "Transfer learning and fine-tuning", with a small base in place of a large one; written anew.
import keras
from keras import layers

base_in = keras.Input((6,))
base_model = keras.Model(base_in, layers.BatchNormalization()(layers.Dense(4)(base_in)), name="base")
base_model.trainable = False
inputs = keras.Input((6,))
x = base_model(inputs, training=False)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
