# Source: questions "split the input of a Keras model into columns with Lambda"; written anew.
import keras
from keras.layers import Concatenate, Dense, Input, Lambda

inp = Input(shape=(6,))
left = Lambda(lambda x: x[:, :2])(inp)
right = Lambda(lambda x: x[:, 2:], output_shape=(4,))(inp)
columns = [Lambda(lambda x, i=i: x[:, i : i + 1])(inp) for i in range(2)]
h = Dense(3)(left)
out = Concatenate()([h, Dense(2)(right)] + columns)
model = keras.Model(inp, [out, h])
