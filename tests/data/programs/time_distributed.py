# Source: keras.io's hierarchical networks over sequences of rows or of frames; written anew.
import keras
from keras import layers

frame = keras.Input((6, 6, 1))
cnn = keras.Model(frame, layers.Flatten()(layers.Conv2D(2, 3)(frame)))
video = keras.Input((4, 6, 6, 1), name="video")
sound = keras.Input((4, 3), name="sound")
seen = layers.LSTM(5)(layers.TimeDistributed(layers.Flatten())(video))
heard = layers.GRU(5)(layers.TimeDistributed(layers.Dense(2))(sound))
model = keras.Model([video, sound], [layers.Dense(1)(layers.maximum([seen, heard])), layers.Dense(1)(heard)])
