# Source: Keras 1's "Getting started with the functional API", shared vision and language; arguments of that time; written anew.
from keras.layers import Convolution2D, Dense, Embedding, Flatten, Input, LSTM, MaxPooling2D, merge
from keras.models import Model

image = Input(shape=(8, 8, 3))
x = Convolution2D(4, 3, 3, border_mode="same", activation="relu")(image)
x = MaxPooling2D((2, 2))(x)
encoded_image = Flatten()(x)
question = Input(shape=(7,), dtype="int32")
embedded = Embedding(input_dim=20, output_dim=5, input_length=7)(question)
encoded_question = LSTM(output_dim=6)(embedded)
both = merge([encoded_image, encoded_question], mode="concat")
output = Dense(output_dim=9, activation="softmax")(both)
vqa_model = Model(input=[image, question], output=output)
summed = merge([encoded_question, encoded_question], mode="sum")
only_words = Model(input=question, output=Dense(2)(summed))
