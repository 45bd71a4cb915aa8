# Source: questions "attention over an LSTM in Keras" (Permute, RepeatVector, softmax); written anew.
from keras.layers import LSTM, Activation, Bidirectional, Dense, Flatten, Input, Multiply, Permute, RepeatVector
from keras.models import Model

inputs = Input(shape=(6, 3))
activations = Bidirectional(LSTM(4, return_sequences=True))(inputs)
attention = Dense(1, activation="tanh")(activations)
attention = Flatten()(attention)
attention = Activation("softmax")(attention)
attention = RepeatVector(8)(attention)
attention = Permute([2, 1])(attention)
sent = Multiply()([activations, attention])
out = Dense(2, activation="softmax")(Flatten()(sent))
model = Model(inputs=inputs, outputs=[out, attention])
