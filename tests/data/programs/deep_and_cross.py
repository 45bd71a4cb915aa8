# Source: keras.io example "Structured data learning with wide, deep and cross networks", the cross part; written anew.
import keras
from keras import layers

x0 = keras.Input((6,))
other = keras.Input((6,))
cross = x0
for _ in range(2):
    units = cross.shape[-1]
    x = layers.Dense(units)(cross)
    cross = x0 * x + cross
cross = layers.BatchNormalization()(cross)
model = keras.Model([x0, other], [layers.Dense(1)(cross), layers.Dense(1)(other)])
