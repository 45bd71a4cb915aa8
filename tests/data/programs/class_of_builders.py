# Source: the manner of larger programs: a plain class that holds settings and builds the model; written anew.
import keras
from keras import layers


class Config:
    width = 4
    tasks = ("age", "sex")


class Builder:
    def __init__(self, config, depth=2):
        self.config = config
        self.depth = depth
        self.model = None

    @property
    def width(self):
        return self.config.width

    @staticmethod
    def head(x, name):
        return layers.Dense(1, name=name)(x)

    def tower(self, x):
        for _ in range(self.depth):
            x = layers.Dense(self.width, activation="relu")(x)
        return x

    def build(self):
        face, voice = keras.Input((5,), name="face"), keras.Input((3,), name="voice")
        x = layers.concatenate([self.tower(face), self.tower(voice)])
        outs = {task: self.head(x, task) for task in self.config.tasks}
        self.model = keras.Model([face, voice], outs)
        return self.model


model = Builder(Config()).build()
