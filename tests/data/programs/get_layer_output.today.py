# The same models as Keras 3 builds them.
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
cut = keras.Model(base.inputs[0], base.layers[-2].output)

for layer in base.layers:
    layer.trainable = False
x = base.get_layer("first").output
x = layers.Dense(3)(x)
new = keras.Model(base.inputs[0], [x, base.outputs[0]])
other_input = keras.Input((6,))
both = keras.Model([base.inputs[0], other_input], [layers.Dense(1)(layers.concatenate([features(other_input), x])), x])
