from keras import Input, Model
from keras.layers import Conv1D, Dense

a = Input((3,))
endless = [i for i in range(10**30)]
model = Model(a, Dense(1)(a))
