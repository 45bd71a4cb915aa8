# Source: the question itself (2019), both cases, with sizes made small; its imports in the words of that time.
import keras
from keras.layers import Input, LSTM, Dense
from keras.models import Model

tweet_a = Input(shape=(6, 5))
tweet_b = Input(shape=(6, 5))

shared_lstm = LSTM(4)
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)

merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1)
predictions1 = Dense(1, activation="sigmoid")(merged_vector)
predictions2 = Dense(1, activation="sigmoid")(merged_vector)
joined = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
joined.compile(optimizer="rmsprop", loss="binary_crossentropy")

predictions1 = Dense(1, activation="sigmoid")(encoded_a)
predictions2 = Dense(1, activation="sigmoid")(encoded_b)
apart = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
apart.compile(optimizer="rmsprop", loss="binary_crossentropy")
