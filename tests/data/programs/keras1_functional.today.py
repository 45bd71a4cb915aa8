# The same models as Keras 3 builds them.
import keras
from keras.layers import LSTM, Add, Concatenate, Conv2D, Dense, Embedding, Flatten, Input, MaxPooling2D

image = Input(shape=(8, 8, 3))
encoded_image = Flatten()(MaxPooling2D((2, 2))(Conv2D(4, 3, padding="same", activation="relu")(image)))
question = Input(shape=(7,), dtype="int32")
encoded_question = LSTM(6)(Embedding(20, 5)(question))
vqa_model = keras.Model([image, question], Dense(9, activation="softmax")(Concatenate()([encoded_image, encoded_question])))
only_words = keras.Model(question, Dense(2)(Add()([encoded_question, encoded_question])))
