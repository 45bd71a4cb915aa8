# Source: the manner of programs for TensorFlow 2 (tf.keras, tf.* functions on tensors, tf.split); written anew.
import tensorflow as tf
from tensorflow.keras import Model, layers as L
import tensorflow.keras.backend as K

a = tf.keras.layers.Input(shape=(4,))
b = L.Input(shape=(4,))
enc = tf.keras.layers.Dense(6, activation=tf.nn.relu)
h = tf.concat([enc(a), enc(b)], axis=-1)
one, other = tf.split(h, num_or_size_splits=2, axis=1)
p1 = L.Dense(1, name="p1")(one)
p2 = L.Dense(1, name="p2")(K.concatenate([other, tf.stop_gradient(b)], axis=-1))
p3 = L.Dense(1, name="p3")(tf.reduce_mean(tf.stack([a, b], axis=1), axis=1))
model = tf.keras.models.Model(inputs=[a, b], outputs=[p1, p2, p3])
