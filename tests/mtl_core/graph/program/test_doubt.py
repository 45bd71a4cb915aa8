"""What could not be followed is never a "cannot": each program may, in truth, let input b reach the head."""

import textwrap

import pytest

from mtl_core.graph.program import read_program

HEAD = """
from keras.layers import *
from keras.models import Model
a = Input((4,), name="a")
b = Input((4,), name="b")
"""

UNSURE = {
    "a list that is extended by something unknown": """
        parts = [a]
        parts.extend(more())
        x = concatenate(parts)
    """,
    "a list of which an unknown item is replaced": """
        parts = [a, a]
        parts[index] = b
        x = concatenate(parts)
    """,
    "a dict with an unknown key": """
        parts = {"p": a}
        parts[key()] = b
        x = parts["p"]
    """,
    "a dict that is updated by something unknown": """
        parts = {"p": a}
        parts.update(settings.parts)
        x = parts["p"]
    """,
    "a list of which something unknown is taken": """
        parts = [a, b]
        parts.pop(which)
        x = parts[0]
    """,
    "a list in an order that is not known": """
        parts = [b, a]
        parts.sort(key=rank)
        x = parts[1]
    """,
    "an attribute under a condition": """
        class Holder: pass
        holder = Holder()
        holder.x = a
        if flag:
            holder.x = b
        x = holder.x
    """,
    "an item under a condition": """
        parts = [a]
        if flag:
            parts[0] = b
        x = parts[0]
    """,
    "a list that grows under a condition": """
        parts = [a]
        if flag:
            parts.extend([b])
        x = concatenate(parts + [a])
    """,
    "a list that is emptied under a condition": """
        parts = [b]
        if flag:
            parts.clear()
            parts.append(a)
        x = parts[0]
    """,
    "a global name that is set under a condition": """
        x = a
        def swap():
            global x
            x = b
        if flag:
            swap()
    """,
    "a name of an outer function that is set under a condition": """
        def outer():
            t = a
            def swap():
                nonlocal t
                t = b
            if flag:
                swap()
            return t
        x = outer()
    """,
    "a loop that carries over what it made before": """
        x = y = a
        z = b
        for step in steps:
            y = Dense(4)(x)
            x = Add()([x, z])
        x = y
    """,
    "a loop that ends nobody knows when": """
        x = y = a
        while not converged(x):
            y = Dense(4)(x)
            x = Add()([x, b])
        x = y
    """,
    "a line with a bracket missing that adds to a list": """
        parts = [a]
        parts.append(Dense(4)(b)
        x = concatenate(parts + [a])
    """,
    "a function whose first line is no Python": """
        x = a
        def change(t)
            x = concatenate([t, b])
            return x
        x = change(a)
    """,
    "a decorator that may do anything": """
        @wrap
        def make(t):
            return Dense(4)(t)
        x = make(a)
    """,
    "a way that returns early": """
        def pick(p, q):
            if flag:
                return q
            return p
        x = pick(a, b)
    """,
    "a comprehension over something unknown": """
        parts = [a for item in items] + [b]
        x = parts[0]
    """,
    "a choice by a key that is not known": """
        x = {"a": a, "b": b}[name]
    """,
    "an ellipsis": """
        x = ...
    """,
    "a model that is loaded": """
        base = load_model("base.h5")
        x = base([a, b])
    """,
    "an object out of a file": """
        import pickle
        x = pickle.load(open("f", "rb"))([a, b])
    """,
    "a tensor that comes from elsewhere": """
        from other_file import x
    """,
    "an error that may be caught": """
        x = a
        try:
            int("z")
        except ValueError:
            x = b
    """,
    "an error in a function that may be caught": """
        def check():
            raise ValueError
        x = a
        try:
            check()
        except ValueError as problem:
            x = b
    """,
    "a choice among functions": """
        import random
        x = random.choice([lambda t: t, lambda t: t + b])(a)
    """,
    "a function made of a function": """
        import numpy as np
        x = np.vectorize(lambda t: b)(a)
    """,
    "a graph's own branches": """
        import tensorflow as tf
        x = tf.cond(training, lambda: a, lambda: b)
    """,
    "Keras's branches": """
        x = keras.backend.switch(training, lambda: a, lambda: b)
    """,
    "a function of things that are not there": """
        x = keras.ops.concatenate([first(), second()])
    """,
    "an item of an object": """
        import operator
        class Holder: pass
        holder = Holder()
        holder.x = b
        x = operator.attrgetter("x")(holder)
    """,
    "a class made by a function": """
        x = type("Holder", (), {"x": b}).x
    """,
    "a list in random order": """
        import random
        parts = [b, a]
        random.shuffle(parts)
        x = parts[1]
    """,
    "a list that a function which is not there may have changed": """
        parts = [a]
        add_more(parts)
        x = concatenate(parts + [a])
    """,
    "a list changed by a method that is not followed": """
        parts = [a, a]
        parts.__setitem__(0, b)
        x = parts[0]
    """,
    "a generator with a condition": """
        def make():
            if flag:
                yield b
            yield a
        x = concatenate(list(make()) + [a])
    """,
    "a generator without an end": """
        def make():
            while True:
                yield b
        for x in make():
            break
    """,
    "what Python's own functions take apart": """
        x = next(iter([b, a]))
    """,
    "a model of an own class called on what is not known": """
        class Net(Model):
            def call(self, t): return t
        x = Net()(load())
    """,
}


@pytest.mark.parametrize("case", UNSURE)
def test_a_head_is_not_said_to_be_blind_for_an_input_that_might_reach_it(case):
    code = (
        HEAD
        + textwrap.dedent(UNSURE[case])
        + 'model = Model([a, b], [Dense(1, name="one")(x), Dense(1, name="two")(a)])\n'
    )
    program = read_program(code)
    graph = program.models["model"]
    assert graph.status("one", "b") == "unknown"
    assert any(remark.kind == "unknown" and remark.line > 5 for remark in program.remarks)
    assert (graph.status("two", "a"), graph.status("two", "b")) == ("may", "cannot"), "the other head was read"


REACHED = {
    "a group of errors": """
        x = a
        try:
            x = b
        except* ValueError:
            pass
    """,
    "the names of the module": """
        x = a
        globals()["x"] = b
    """,
    "the names of an object": """
        class Holder: pass
        holder = Holder()
        holder.x = a
        vars(holder)["x"] = b
        x = holder.x
    """,
    "the dict of an object": """
        class Holder: pass
        holder = Holder()
        holder.x = a
        holder.__dict__.update(x=b)
        x = holder.x
    """,
    "a queue": """
        from collections import deque
        parts = deque([a])
        parts.append(b)
        x = concatenate(list(parts))
    """,
    "a generator": """
        def make():
            yield a
            yield from [b]
        x = concatenate(list(make()))
    """,
    "a loop over a generator": """
        def make():
            yield a
            yield b
        for x in make():
            pass
    """,
    "Python's own arithmetic": """
        x = abs(round(b))
    """,
    "numpy's arithmetic": """
        import numpy as np
        x = np.sqrt(b)
    """,
    "the call of an older Keras": """
        x = Dense(3).apply(b)
    """,
    "a Lambda that reads another tensor": """
        x = Lambda(lambda t: b * t)(2.0)
    """,
}


@pytest.mark.parametrize("case", REACHED)
def test_what_reaches_a_head_in_a_roundabout_way_reaches_it(case):
    code = HEAD + textwrap.dedent(REACHED[case]) + 'model = Model([a, b], [Dense(1, name="one")(x), Dense(1)(a)])\n'
    program = read_program(code)
    assert program.models["model"].status("one", "b") == "may"
    assert program.remarks == ()


def test_no_head_is_left_out_because_it_was_not_followed():
    graph = read_program(HEAD + 'model = Model([a, b], [Dense(1, name="one")(a), b"?"])\n').models["model"]
    assert len(graph.outputs) == 2
    assert {graph.status(graph.outputs[1], name) for name in graph.inputs} == {"unknown"}


SURE = {
    "a decorator of the program's own": """
        def twice(function):
            def call(t):
                return function(function(t))
            return call
        @twice
        def make(t):
            return Dense(4)(t)
        x = make(a)
    """,
    "TensorFlow's decorator": """
        @tf.function
        def make(t):
            return Dense(4)(t)
        x = make(a)
    """,
    "a check that raises": """
        def make(t, units):
            if units < 1:
                raise ValueError(units)
            if count() < 1:
                raise ValueError("none")
            return Dense(units)(t)
        x = make(a, 4)
    """,
    "sizes that are not known": """
        x = Dense(len(vocabulary))(Dense(units, activation=get_activation())(a))
    """,
    "a loop of training": """
        x = Dense(4)(a)
        for epoch in range(epochs):
            for batch in dataset:
                losses.append(train_step(batch))
    """,
    "prose that parses as code": """
        x = a
        Thanks
        b, a
    """,
    "an import that may fail": """
        try:
            from keras.layers import Dense
        except ImportError:
            from tensorflow.keras.layers import Dense
        x = Dense(4)(a)
    """,
}


@pytest.mark.parametrize("case", SURE)
def test_what_is_known_stays_known(case):
    code = (
        HEAD
        + textwrap.dedent(SURE[case])
        + 'model = Model([a, b], [Dense(1, name="one")(x), Dense(1, name="two")(b)])\n'
    )
    graph = read_program(code).models["model"]
    assert (graph.status("one", "a"), graph.status("one", "b")) == ("may", "cannot")


def test_code_in_a_text_is_followed_like_any_other():
    code = HEAD + 'x = a\nexec("x = b")\nmodel = Model([a, b], Dense(1, name="one")(x))\n'
    graph = read_program(code).models["model"]
    assert graph.dependence() == {("one", "a"): False, ("one", "b"): True}


def test_after_code_that_is_not_known_nothing_is():
    code = HEAD + 'x = a\nexec(more)\nmodel = Model([Input((4,)), Input((4,))], Dense(1, name="one")(x))\n'
    graph = read_program(code).models["model"]
    assert {graph.status("one", name) for name in graph.inputs} == {"unknown"}
