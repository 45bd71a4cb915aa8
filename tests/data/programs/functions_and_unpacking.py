# Source: made for this corpus: functions, star arguments, closures, tuple unpacking, reduce.
from functools import partial, reduce

import keras
from keras import layers

regular = partial(layers.Dense, activation="relu")


def tower(*sizes, **options):
    def apply(x):
        for size in sizes:
            x = regular(size, **options)(x)
        return x

    return apply


def pair(x, y, *rest):
    return (tower(4, 3)(x), tower(3, use_bias=False)(y)), rest


inputs = a, b, c = [keras.Input((5,), name=name) for name in "abc"]
(p, q), (r,) = pair(a, b, c)
total = reduce(lambda x, y: layers.Add()([x, y]), [p, q])
first, *others = [layers.Dense(1)(t) for t in (total, q, r)]
model = keras.Model(inputs=list(inputs), outputs=[first, *others])
