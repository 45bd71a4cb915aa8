# Source: questions "LSTM with static features: how to combine a sequence with other inputs"; written anew.
import keras
from keras.layers import GRU, Concatenate, Dense, Dropout, Input

seq_in = Input(shape=(5, 3), name="sequence")
static_in = Input(shape=(2,), name="static")
weather_in = Input(shape=(4,), name="weather")
x = GRU(6, return_sequences=True)(seq_in)
x = GRU(4)(x)
x = Dropout(0.2)(x)
z = Concatenate(axis=1)([x, static_in])
demand = Dense(1, name="demand")(z)
price = Dense(1, name="price")(Concatenate()([z, weather_in]))
model = keras.models.Model(inputs=[seq_in, static_in, weather_in], outputs=[demand, price])
model.compile(loss="mse", optimizer="adam", loss_weights={"demand": 1.0, "price": 0.0})
