from keras import Input, Model
from keras.layers import Dense

a = Input((3,), name="\ud800")
head = Dense(1, name="%c" % 0xD800, activation="{:c}".format(0xDC00))(a)
model = Model({"\udc00": a}, {"\ud8ff": head, f"{1}\udfff": Dense(2)(a)})
