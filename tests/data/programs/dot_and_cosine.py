# Source: questions "matrix factorisation in Keras with Dot"; written anew.
import keras
from keras.layers import Dense, Dot, Embedding, Flatten, Input, dot

user = Input((1,), dtype="int32", name="user")
item = Input((1,), dtype="int32", name="item")
u = Flatten()(Embedding(8, 4)(user))
i = Flatten()(Embedding(9, 4)(item))
score = Dot(axes=1)([u, i])
cosine = dot([u, i], axes=-1, normalize=True)
model = keras.Model([user, item], [score, Dense(1)(cosine), Dense(1)(u)])
