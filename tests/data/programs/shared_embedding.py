# Source: keras.io guide "The Functional API", shared layers; written anew.
import keras
from keras import layers

shared_embedding = layers.Embedding(20, 6)
text_input_a = keras.Input(shape=(None,), dtype="int32")
text_input_b = keras.Input(shape=(None,), dtype="int32")
encoded_a = layers.GlobalAveragePooling1D()(shared_embedding(text_input_a))
encoded_b = layers.GlobalAveragePooling1D()(shared_embedding(text_input_b))
model = keras.Model([text_input_a, text_input_b], [layers.Dense(1)(encoded_a), layers.Dense(2)(encoded_b)])
