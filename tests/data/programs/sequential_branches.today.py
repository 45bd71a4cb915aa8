# The same models as Keras 3 builds them.
import keras
from keras.layers import Concatenate, Dense
from keras.models import Model, Sequential

left = Sequential([keras.Input((3,)), Dense(4)])
right = Sequential([keras.Input((5,)), Dense(4)])
merged = Concatenate()([left.outputs[0], right.outputs[0]])
out = Dense(1, activation="sigmoid")(merged)
model = Model([left.inputs[0], right.inputs[0]], out)
