# Source: keras.io example "Image similarity estimation using a siamese network with a triplet loss"; written anew.
import keras
from keras import layers, ops


class DistanceLayer(layers.Layer):
    """Both distances from the anchor."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def call(self, anchor, positive, negative):
        ap_distance = ops.sum(ops.square(anchor - positive), -1)
        an_distance = ops.sum(ops.square(anchor - negative), -1)
        return (ap_distance, an_distance)


embedding = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(3)], name="Embedding")
anchor_input = layers.Input(name="anchor", shape=(6,))
positive_input = layers.Input(name="positive", shape=(6,))
negative_input = layers.Input(name="negative", shape=(6,))
distances = DistanceLayer()(embedding(anchor_input), embedding(positive_input), embedding(negative_input))
siamese_network = keras.Model(inputs=[anchor_input, positive_input, negative_input], outputs=distances)
