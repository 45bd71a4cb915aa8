"""No text raises, takes long, or is executed: broken programs, loops without end, and what was written to do harm."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph.interpreter.budget import MAX_STEPS
from mtl_core.graph.program import read_program
from tests.mtl_core.graph.program.texts import PROGRAMS

HEAD = "a = Input((4,))\nmodel = Model(a, Dense(1)(a))\n"

BOMBS = {
    "loop without end": "while True: pass",
    "layers without end": "while True:\n  x = Dense(1)(a)",
    "long loop": "for i in range(10**9):\n  a = Dense(3)(a)",
    "long text": "x = 'a' * 10**9",
    "large number": "x = 10**10**10",
    "long list": "x = [0] * 10**9",
    "list that doubles": "x = [1]\nfor i in range(60): x = x + x",
    "text that doubles": "x = 'ab'\nfor i in range(60): x += x",
    "tuple that doubles": "t = (a,)\nfor i in range(60): t = (t, t)\nm = Model(a, t)\ny = str(t)\nz = t == (t, t)",
    "list in itself": "l = []\nl.append(l)\nConcatenate()(l)\nm = Model(a, l)",
    "recursion": "def f(x): return f(x)\nf(a)",
    "recursion twice": "def f(x): return f(x) + f(x)\nf(a)",
    "wide format": "x = '{:>999999999}'.format(1)\ny = '%0999999999d' % 1\nz = f'{1:>999999999}'",
    "many brackets": "x = " + "(" * 3000 + "1" + ")" * 3000,
    "long sum": "x = a" + " + a" * 20_000,
    "models in models": "m = Model(a, Dense(1)(a))\nfor i in range(3000):\n  m = Model(a, m(a))",
    "models in models, compiled": "m = Model(a, Dense(1)(a))\nfor i in range(3000):\n  m = Model(a, m(a))\n  m.compile()",
    "models in models, frozen": "m = Model(a, Dense(1)(a))\nfor i in range(3000):\n  m = Model(a, m(a))\n  m.trainable = False",
    "many branches": "\n".join(f"if q{i}:\n  x = Dense(1)(a)\nelse:\n  x = Dense(2)(a)" for i in range(2000)),
    "class that makes itself": "class A(Model):\n  def __init__(self): self.x = A()\n  def call(self, x): return A()(x)\nA()(a)",
    "class of itself": "class A(B): pass\nclass B(A): pass\nA()",
    "layer that calls itself": "class L(Layer):\n  def call(self, x): return self(x)\nL()(a)",
    "lambda of itself": "f = lambda t: Lambda(f)(t)\nx = f(a)",
    "model in itself": "s = Sequential()\ns.add(s)\nm = Model(a, s(a))",
    "many lines of nothing": "\\\n" * 50_000,
    "many lines of prose": "Hello (world\n" * 20_000,
    "many lines": "x = 1\n" * 60_000,
    "deep JSON": "{" * 50_000,
    "long comprehension": "x = [[0] * 10000 for i in range(10000) for j in range(10000)]",
    "wide split": "x = tf.split(a, 10**9)\ny, *z = range(10**9)",
    "strange sizes": "Dense(10**200)(a)\nReshape((10**50, -3))(a)\nx = a[10**100:]\ny = a[::0]\nInput((10**100, 'x', -5))",
    "many spaces among prompts": ">>> a\n" + " " * 290_000 + "x",
    "a long line that is no code": "a," * 145_000 + "!",
    "lines that are no code in a long block": "if x:\n" + ("  y = " + "a," * 3_500 + "\n  !\n") * 40,
    "a string of quotes that nothing ends": "x = '" + "\\'" * 145_000 + "\n((",
    "control characters": "\x00\x01\x0c\x1b\ud800\u2028" * 100,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", BOMBS)
def test_no_program_keeps_the_reader_busy(name):
    program = read_program(HEAD + BOMBS[name])
    assert name.startswith(("many lines of", "many spaces", "deep", "control")) or program.models


def test_a_program_that_is_too_long_is_said_to_be_and_its_finished_models_stay():
    program = read_program(HEAD + "def f(x): return f(x) + f(x)\nf(a)\nlater = Model(a, a)")
    assert list(program.models) == ["model"]
    assert any("too many steps" in remark.text for remark in program.remarks)
    assert MAX_STEPS <= 200_000


def test_nothing_is_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    harm = f"""
import os, subprocess, pathlib, shutil
os.system("touch {tmp_path}/made")
open("{tmp_path}/made", "w").write("x")
pathlib.Path("{tmp_path}/made").write_text("x")
subprocess.run(["touch", "{tmp_path}/made"])
exec("open('{tmp_path}/made', 'w')")
eval("open('{tmp_path}/made', 'w')")
__import__("os").system("touch {tmp_path}/made")
().__class__.__bases__[0].__subclasses__()
getattr(os, "system")("touch {tmp_path}/made")
class A:
    def __del__(self): os.system("touch {tmp_path}/made")
A()
model.save("{tmp_path}/made")
raise SystemExit
"""
    assert read_program(HEAD + harm).models
    assert list(tmp_path.iterdir()) == []


def test_a_module_that_a_program_imports_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "harmful.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    read_program("import harmful\nfrom harmful import *\n" + HEAD)


PIECES = [piece for path in PROGRAMS for piece in re.split(r"(\W)", path.read_text())]
EXTRA = [
    "None",
    "[]",
    "()",
    "{}",
    "10**9",
    "...",
    "lambda: 0",
    "self",
    "[[]] * 5",
    "range(10**9)",
    "**a",
    "not",
    "1.5",
    ":",
]


def mutated(seed):
    chance = random.Random(seed)
    parts = re.split(r"(\W)", chance.choice(PROGRAMS).read_text())
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        at, how = chance.randrange(len(parts)), chance.random()
        other = chance.choice(EXTRA) if how < 0.2 else chance.choice(PIECES)
        if how < 0.5:
            parts[at] = other
        elif how < 0.7:
            del parts[at]
        else:
            parts.insert(at, other)
    return "".join(parts)


def holds_together(text):
    program = read_program(text)
    lines = program.text.count("\n") + 1
    assert all(0 <= remark.line <= lines and remark.text for remark in program.remarks)
    for graph in program.models.values():
        for head in graph.outputs:
            for name in graph.inputs:
                assert (graph.status(head, name) == "cannot") == (not graph.reaches(name, head))


MUTATED, MANY_MORE = 100, 4_900
"""Programs of the corpus that are changed at random: in every run, and in the long version beside them."""


@pytest.mark.parametrize("seed", range(MUTATED))
def test_a_mutated_program_never_raises(seed):
    holds_together(mutated(seed))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(MUTATED, MUTATED + MANY_MORE))
def test_many_more_mutated_programs_never_raise(seed):
    holds_together(mutated(seed))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab=()[]{}:,.+*'\"\n\t >#%if for lambda def class Dense Input Model", max_size=200))
def test_any_text_gives_a_program(text):
    holds_together(text)
    holds_together(HEAD + text)
