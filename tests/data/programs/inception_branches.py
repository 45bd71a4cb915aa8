# Source: keras.io's inception module, branches joined by concatenate; written anew.
import keras
from keras.layers import AveragePooling2D, Conv2D, GlobalAveragePooling2D, Input, MaxPool2D, concatenate


def conv(x, filters, *size, strides=(1, 1)):
    return Conv2D(filters, size, strides=strides, padding="same", activation="relu")(x)


x_in = Input((8, 8, 3))
branch_a = conv(x_in, 2, 1, 1)
branch_b = conv(conv(x_in, 2, 1, 1), 3, 3, 3)
branch_c = conv(conv(x_in, 2, 1, 1), 3, 5, 5)
branch_d = conv(AveragePooling2D((3, 3), strides=(1, 1), padding="same")(x_in), 2, 1, 1)
output = concatenate([branch_a, branch_b, branch_c, branch_d], axis=-1)
output = MaxPool2D()(output)
model = keras.Model(x_in, GlobalAveragePooling2D()(output))
