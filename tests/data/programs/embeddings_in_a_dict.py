# Source: questions about entity embeddings, one for each categorical column; written anew.
import keras
from keras.layers import Concatenate, Dense, Embedding, Flatten, Input

sizes = dict(day=7, month=12, shop=4)
inputs, flat = {}, []
for column, size in sizes.items():
    inputs[column] = Input(shape=(1,), name="{}_in".format(column), dtype="int32")
    emb = Embedding(size, min(50, (size + 1) // 2), name=column + "_emb")(inputs[column])
    flat.append(Flatten()(emb))
x = Concatenate()(flat)
out = Dense(1)(x)
shop_only = Dense(1, name="shop_only")(flat[-1])
model = keras.Model(list(inputs.values()), [out, shop_only])
