from keras import Input, Model
from keras.layers import Conv1D, Dense

a = Input((3,))
b = Conv1D(1, 1, data_format={})(a)
model = Model(a, Dense(1)(a))
