# Source: Keras's oldest examples (a perceptron, a convnet) in both manners of writing a Sequential; written anew.
import keras
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential

first = Sequential([keras.Input((6,)), Dense(4), Activation("relu"), Dense(2), Activation("softmax")])

second = Sequential(name="convnet")
second.add(keras.Input((8, 8, 1)))
second.add(Conv2D(3, kernel_size=(3, 3), activation="relu"))
second.add(Conv2D(4, (3, 3), activation="relu"))
second.add(MaxPooling2D(pool_size=(2, 2)))
second.add(Dropout(0.25))
second.add(Flatten())
second.add(Dense(2, activation="softmax"))
second.compile(loss="categorical_crossentropy", optimizer="adadelta", metrics=["accuracy"])
