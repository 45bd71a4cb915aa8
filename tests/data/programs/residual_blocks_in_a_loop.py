# Source: the manner of ResNet programs on keras.io: a function for a block, a loop over the stages.
from keras import Input, Model, layers


def residual_block(x, filters, downsample=False):
    strides = 2 if downsample else 1
    y = layers.Conv2D(filters, 3, strides=strides, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    if downsample:
        x = layers.Conv2D(filters, 1, strides=2, padding="same")(x)
    return layers.ReLU()(layers.Add()([x, y]))


inputs = Input((8, 8, 3))
t = layers.Conv2D(4, 3, padding="same")(inputs)
num_filters = 4
for i, num_blocks in enumerate([1, 2]):
    for j in range(num_blocks):
        t = residual_block(t, num_filters, downsample=(j == 0 and i != 0))
    num_filters *= 2
outputs = layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(t))
model = Model(inputs, outputs)
