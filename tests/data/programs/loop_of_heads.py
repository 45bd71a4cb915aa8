# Source: questions "Keras: how to build a model with N outputs in a loop"; written anew.
from keras.layers import Concatenate, Dense, Input
from keras.models import Model

names = ["colour", "size", "shape"]
a = Input(shape=(4,), name="a")
b = Input(shape=(4,), name="b")
trunk = Dense(5, activation="relu", name="trunk")
both = Concatenate(name="both")([trunk(a), trunk(b)])
outputs = [Dense(2, name=f"{name}_out")(both) for name in names[:-1]]
outputs.append(Dense(3, name="%s_out" % names[-1])(trunk(b)))
model = Model(inputs=[a, b], outputs=outputs)
