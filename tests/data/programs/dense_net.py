# Source: the manner of DenseNet programs: each layer reads everything before it; written anew.
from keras.layers import BatchNormalization, Concatenate, Dense, Input, ReLU
from keras.models import Model

x = inputs = Input((4,))
features = [x]
for i in range(3):
    y = Dense(2)(ReLU()(BatchNormalization()(x)))
    features += [y]
    x = Concatenate()(features)
model = Model(inputs, Dense(1)(x))
