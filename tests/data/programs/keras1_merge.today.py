# The same models as Keras 3 builds them.
import keras
from keras.layers import Concatenate, Dense

left, right = keras.Input((6,)), keras.Input((5,))
left_branch = keras.Sequential([keras.Input((6,)), Dense(4)])
right_branch = keras.Sequential([keras.Input((5,)), Dense(4)])
x = Concatenate()([left_branch.layers[0](left), right_branch.layers[0](right)])
final_model = keras.Model([left, right], Dense(3, activation="softmax")(x))
