# Source: questions about cross-stitch networks: two towers whose features are mixed in between; written anew.
from keras import Input, Model, layers

inputs = {"left": Input((4,), name="left"), "right": Input((4,), name="right")}
towers = [inputs["left"], inputs["right"]]
for depth, width in enumerate((5, 3)):
    towers = [layers.Dense(width, activation="relu", name=f"dense_{side}_{depth}")(t) for side, t in enumerate(towers)]
    if depth == 0:
        both = layers.concatenate(towers)
        towers = [layers.Dense(width)(both) for _ in towers]
model = Model(inputs, {"y_left": layers.Dense(1)(towers[0]), "y_right": layers.Dense(1)(towers[1])})

towers = list(inputs.values())
apart = Model(inputs, [layers.Dense(1)(layers.Dense(3)(t)) for t in towers])
