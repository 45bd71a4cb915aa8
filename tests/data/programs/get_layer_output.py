# Source: questions "how to get the output of a hidden layer in Keras" and transfer learning; written anew.
import keras
from keras import layers

base = keras.Sequential(
    [
        keras.Input((6,)),
        layers.Dense(5, activation="relu", name="first"),
        layers.Dense(4, activation="relu", name="feature"),
        layers.Dense(2, name="top"),
    ]
)
features = keras.Model(inputs=base.inputs, outputs=base.get_layer("feature").output)
cut = keras.Model(base.input, base.layers[-2].output)

for layer in base.layers:
    layer.trainable = False
x = base.get_layer("first").output
x = layers.Dense(3)(x)
new = keras.Model(base.input, [x, base.output])
other_input = keras.Input((6,))
both = keras.Model([base.input, other_input], [layers.Dense(1)(layers.concatenate([features(other_input), x])), x])
