# Source: keras.io's examples that join pictures and words (visual questions, near duplicates); written anew.
import keras
from keras import layers


def project_embeddings(embeddings, num_projection_layers, projection_dims, dropout_rate):
    projected = layers.Dense(units=projection_dims)(embeddings)
    for _ in range(num_projection_layers):
        x = keras.ops.nn.gelu(projected)
        x = layers.Dense(projection_dims)(x)
        x = layers.Dropout(dropout_rate)(x)
        x = layers.Add()([projected, x])
        projected = layers.LayerNormalization()(x)
    return projected


image_1 = keras.Input((6, 6, 3), name="image_1")
image_2 = keras.Input((6, 6, 3), name="image_2")
text_1 = keras.Input((5,), name="text_1", dtype="int32")
text_2 = keras.Input((5,), name="text_2", dtype="int32")
vision = keras.Sequential([layers.Conv2D(3, 3), layers.GlobalMaxPooling2D()], name="vision")
words = layers.Embedding(20, 4)
pool = layers.GlobalAveragePooling1D()
images = layers.Concatenate()([vision(image_1), vision(image_2)])
texts = layers.Concatenate()([pool(words(text_1)), pool(words(text_2))])
images, texts = project_embeddings(images, 1, 4, 0.1), project_embeddings(texts, 1, 4, 0.1)
outputs = layers.Dense(3, activation="softmax")(layers.Concatenate()([images, texts]))
model = keras.Model([image_1, image_2, text_1, text_2], [outputs, layers.Dense(1)(images)])
