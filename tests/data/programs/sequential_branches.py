# Source: questions "merge two Sequential models in Keras 2"; written anew.
import keras
from keras.layers import Concatenate, Dense
from keras.models import Model, Sequential

left = Sequential([keras.Input((3,)), Dense(4)])
right = Sequential([keras.Input((5,)), Dense(4)])
merged = Concatenate()([left.output, right.output])
out = Dense(1, activation="sigmoid")(merged)
model = Model([left.input, right.input], out)
