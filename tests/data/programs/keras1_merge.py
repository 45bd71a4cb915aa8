# Source: Keras 1's "Getting started with the Sequential model", branches joined by Merge; written anew.
from keras.layers import Dense, Merge
from keras.models import Sequential

left_branch = Sequential()
left_branch.add(Dense(4, input_dim=6))
right_branch = Sequential()
right_branch.add(Dense(4, input_dim=5))
merged = Merge([left_branch, right_branch], mode="concat")
final_model = Sequential()
final_model.add(merged)
final_model.add(Dense(3, activation="softmax"))
final_model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
