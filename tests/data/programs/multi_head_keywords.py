# Source: keras.io's API page of MultiHeadAttention and translation examples: tensors by keyword; written anew.
import keras
from keras import layers

query = keras.Input((5, 4), name="query")
value = keras.Input((6, 4), name="value")
other = keras.Input((5, 4), name="other")
att, scores = layers.MultiHeadAttention(num_heads=2, key_dim=3)(query, value, return_attention_scores=True)
cross = layers.MultiHeadAttention(2, 3)(query=query, value=value, key=value)
x = layers.LayerNormalization()(query + att)
model = keras.Model(
    [query, value, other],
    [layers.Dense(1)(x), layers.Dense(1)(cross), layers.Dense(1)(layers.Attention()([query, other]))],
)
