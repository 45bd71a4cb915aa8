"""Programs that are written at random, in many manners, together with what they mean."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph.program import read_program

WIDTH = 4


@dataclass
class Written:
    """A program in the making: its lines, the inputs that each variable depends on, and how often each layer is called."""

    lines: list = field(default_factory=list)
    sees: dict = field(default_factory=dict)
    calls: dict = field(default_factory=dict)

    def name(self, kind):
        return f"{kind}{len(self.lines)}"

    def add(self, line, name, sees):
        self.lines.append(line)
        self.sees[name] = frozenset(sees)


def dense(program, draw, source):
    name = program.name("h")
    program.add(f"{name} = layers.Dense({WIDTH})({source})", name, program.sees[source])


def again(program, draw, source):
    layer = draw(st.sampled_from(["shared", "other"]))
    name = program.name("s")
    program.calls[layer] = program.calls.get(layer, 0) + 1
    program.add(f"{name} = {layer}({source})", name, program.sees[source])


def merge(program, draw, source):
    other = draw(st.sampled_from(sorted(program.sees)))
    name = program.name("m")
    manner = draw(
        st.sampled_from(
            [
                "layers.Add()([{a}, {b}])", "{a} + {b}", "ops.multiply({a}, {b})", "layers.maximum([{a}, {b}])",
                "layers.Dense(4)(layers.concatenate([{a}, {b}]))", "join({a}, {b})", "join(y={b}, x={a})",
                "sum([{a}, {b}])", "Pair()({a}, {b})", "layers.Lambda(lambda t: t[0] - t[1])([{a}, {b}])",
                "mixer([{a}, {b}])", "mixer([{b}, {a}])",
            ]
        )
    )  # fmt: skip
    program.add(f"{name} = {manner.format(a=source, b=other)}", name, program.sees[source] | program.sees[other])


def part(program, draw, source):
    other = draw(st.sampled_from(sorted(program.sees)))
    name = program.name("p")
    first, kept = draw(
        st.sampled_from([("[:, :4]", source), ("[:, 4:]", other), ("[..., -4:]", other), ("[:, 0:4]", source)])
    )
    program.add(f"{name} = layers.concatenate([{source}, {other}]){first}", name, program.sees[kept])


def loop(program, draw, source):
    name = program.name("l")
    times = draw(st.integers(0, 3))
    program.lines += [f"{name} = {source}", f"for _ in range({times}):"]
    program.add(f"    {name} = layers.Activation('tanh')({name})", name, program.sees[source])


def branch(program, draw, source):
    other = draw(st.sampled_from(sorted(program.sees)))
    holds = draw(st.booleans())
    name = program.name("i")
    program.add(f"{name} = {source} if {1 + holds} > 1 else {other}", name, program.sees[source if holds else other])


def swap(program, draw, source):
    other = draw(st.sampled_from(sorted(program.sees)))
    one, two = program.name("u"), program.name("v")
    program.add(f"{one}, {two} = [{other}, {source}][::-1]", one, program.sees[source])
    program.sees[two] = program.sees[other]


STEPS = [dense, again, merge, part, loop, branch, swap]

HEAD = """\
import keras
from keras import layers, ops

def join(x, y):
    return layers.Subtract()([x, y])

class Pair(layers.Layer):
    def call(self, x, y):
        return x * y

shared, other = layers.Dense(4), layers.Dense(4, activation="relu")
left, right = keras.Input((4,)), keras.Input((4,))
mixer = keras.Model([left, right], layers.Average()([left, right]))
"""


@st.composite
def programs(draw):
    program = Written()
    names = [f"in{i}" for i in range(draw(st.integers(1, 4)))]
    for name in names:
        program.add(f"{name} = keras.Input((4,), name='{name}')", name, {name})
    for _ in range(draw(st.integers(1, 12))):
        draw(st.sampled_from(STEPS))(program, draw, draw(st.sampled_from(sorted(program.sees))))
    ends = draw(st.lists(st.sampled_from(sorted(program.sees)), min_size=1, max_size=4))
    heads = [f"layers.Dense(1, name='head{i}')({end})" for i, end in enumerate(ends)]
    program.lines.append(f"model = keras.Model([{', '.join(names)}], [{', '.join(heads)}])")
    truth = {(f"head{i}", name): name in program.sees[end] for i, end in enumerate(ends) for name in names}
    return HEAD + "\n".join(program.lines), truth


@settings(max_examples=150, deadline=None)
@given(programs())
def test_a_program_written_at_random_has_the_dependences_it_was_written_with(written):
    text, truth = written
    read = read_program(text)
    assert [remark for remark in read.remarks if remark.kind != "note"] == [], text
    graph = read.models["model"]
    assert graph.dependence() == truth, text
    assert {graph.status(*pair) for pair in truth} <= {"cannot", "may"}
    assert all(call.shape is not None for call in graph.calls), text
