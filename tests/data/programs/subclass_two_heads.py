# Source: questions about subclassed models with several outputs, as asked on forums; written anew.
import keras
from keras import layers


class TwoHeads(keras.Model):
    def __init__(self, units=4):
        super(TwoHeads, self).__init__()
        self.encoder = layers.Dense(units, activation="relu")
        self.blocks = [layers.Dense(units, activation="tanh") for _ in range(2)]
        self.head_a = layers.Dense(1)
        self.head_b = layers.Dense(2)

    def call(self, inputs, training=False):
        a, b = inputs
        a, b = self.encoder(a), self.encoder(b)
        for block in self.blocks:
            a = block(a)
        if training:
            a = layers.Dropout(0.5)(a)
        return self.head_a(a), self.head_b(b)


model = TwoHeads()
a = keras.Input((3,))
b = keras.Input((3,))
functional = keras.Model([a, b], list(model.call([a, b])))
