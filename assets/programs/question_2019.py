"""The question's own two programs, as they were asked in 2019; not formatted and not checked, because they are quoted."""

# Case 1
import keras
from keras.layers import Input, LSTM, Dense
from keras.models import Model
from keras.utils.vis_utils import plot_model

tweet_a = Input(shape=(280, 256))
tweet_b = Input(shape=(280, 256))

shared_lstm = LSTM(64)
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)

merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1)
predictions1 = Dense(1, activation='sigmoid')(merged_vector)
predictions2 = Dense(1, activation='sigmoid')(merged_vector)

model = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])

# Case 2: the same but for the heads
predictions1 = Dense(1, activation='sigmoid')(encoded_a)
predictions2 = Dense(1, activation='sigmoid')(encoded_b)

model = Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])
