import copy
from functools import reduce

from keras import Input, Model
from keras import backend as K
from keras.layers import Dense

a = Input((3,))
enumerate()
sum()
all()
sorted()
filter()
reversed()
map()
reduce()
copy.copy()
K.ndim()
K.is_tensor()
model = Model(a, Dense(1)(a))
