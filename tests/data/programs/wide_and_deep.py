# Source: keras.io example "Structured data learning with wide, deep and cross networks"; written anew.
import keras
from keras import layers

NUMERIC = ["age", "height"]
CATEGORICAL = {"soil": 5, "area": 4}
hidden_units = [6, 4]


def create_model_inputs():
    inputs = {}
    for feature_name in NUMERIC:
        inputs[feature_name] = layers.Input(name=feature_name, shape=(1,), dtype="float32")
    for feature_name in CATEGORICAL:
        inputs[feature_name] = layers.Input(name=feature_name, shape=(), dtype="int32")
    return inputs


def encode_inputs(inputs, use_embedding=False):
    encoded_features = []
    for feature_name in inputs:
        if feature_name in CATEGORICAL:
            size = CATEGORICAL[feature_name]
            if use_embedding:
                encoded_features.append(layers.Embedding(input_dim=size, output_dim=int(size**0.5) + 1)(inputs[feature_name]))
            else:
                encoded_features.append(layers.CategoryEncoding(num_tokens=size, output_mode="one_hot")(inputs[feature_name]))
        else:
            encoded_features.append(inputs[feature_name])
    return layers.concatenate(encoded_features)


inputs = create_model_inputs()
wide = encode_inputs(inputs)
wide = layers.BatchNormalization()(wide)
deep = encode_inputs(inputs, use_embedding=True)
for units in hidden_units:
    deep = layers.Dense(units)(deep)
    deep = layers.BatchNormalization()(deep)
    deep = layers.ReLU()(deep)
    deep = layers.Dropout(0.1)(deep)
merged = layers.concatenate([wide, deep])
outputs = layers.Dense(units=3, activation="softmax")(merged)
model = keras.Model(inputs=inputs, outputs=outputs)
