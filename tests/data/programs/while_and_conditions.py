# Source: made for this corpus: while, if, ternaries, and, or, try, assert, f-strings, format.
import keras
from keras import layers

USE_NORM = True
sizes = [6, 5, 4]
x = inputs = keras.Input((7,))
while sizes:
    size = sizes.pop(0)
    x = layers.Dense(size, name="dense_%d" % size)(x)
    x = layers.BatchNormalization()(x) if USE_NORM and size > 4 else x
    if size == 5 or not USE_NORM:
        x = layers.Dropout(0.5)(x)
    elif size < 5:
        x = layers.Activation("relu")(x)
    else:
        continue
assert not sizes, "all are used"
try:
    heads = [layers.Dense(n, name=f"head_{n:02d}")(x) for n in range(1, 4) if n != 2]
except ValueError:
    heads = []
model = keras.Model(inputs, heads)
