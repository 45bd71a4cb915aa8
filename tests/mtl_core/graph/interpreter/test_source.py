"""Code is found in whatever people paste, and its lines keep their numbers."""

import ast
import json
import subprocess
import sys
import textwrap

import pytest

from mtl_core.graph.interpreter.source import code_of
from mtl_core.graph.program import read_program

MODEL = """\
from keras.layers import *
a = Input((4,))
b = Input((3,))
merged = concatenate([a, b])
model = Model([a, b], [Dense(1)(merged), Dense(1)(b)])
"""


def pasted_with_prose():
    return (
        "Hello everybody (I am new here), I have this model:\n\n"
        + MODEL
        + "\nWhy does it say that? Isn't it: strange!\n"
    )


def pasted_with_prompts():
    lines = MODEL.splitlines()
    return (
        "Python 3.11\n"
        + "\n".join(f">>> {line}" for line in lines[:2])
        + "\n<KerasTensor>\n"
        + "\n".join(f">>> {line}" for line in lines[2:])
    )


def pasted_with_fences():
    return f"# My model\n\nI **tried** this:\n\n```python\n{MODEL}```\n\nand got `ValueError: 1 = 2`.\n"


def pasted_as_on_a_question_site():
    return (
        "I want to merge two inputs, but:\n\n" + textwrap.indent(MODEL, "    ") + "\nThanks in advance for your help.\n"
    )


def pasted_from_a_notebook():
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "a = nothing"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install keras\n"]},
        {"cell_type": "code", "source": MODEL.splitlines(keepends=True), "outputs": [{"text": "b = 1"}]},
    ]
    return json.dumps({"cells": cells, "nbformat": 4, "metadata": {}})


def pasted_with_tabs_and_windows_lines():
    return ("def build():\n" + textwrap.indent(MODEL, "\t") + "\treturn model\nmodel = build()\n").replace("\n", "\r\n")


def pasted_from_python_2():
    return MODEL + 'print "the model:", model\nprint model.summary()\n'


def pasted_with_chinese_comments():
    return (
        MODEL.replace("merged", "# 合并两个输入\n合并").replace("(合并", "(合并")
        + "# 模型:两个输出(注意)\n这个模型有问题,为什么?\n"
    )


def pasted_with_bent_quotes():
    return MODEL.replace("Input((4,))", "Input((4,), name=“a”)").replace("Dense(1)(b)", "Dense(1, name=‘two’)(b)")


PASTES = [value for name, value in list(globals().items()) if name.startswith("pasted_")]


@pytest.mark.parametrize("paste", PASTES, ids=lambda paste: paste.__name__)
def test_the_model_is_read_from(paste):
    program = read_program(paste())
    assert list(program.models["model"].dependence().values()) == [True, True, False, True]
    assert [remark for remark in program.remarks if remark.kind == "unknown"] == []


def test_lines_keep_their_numbers():
    text = "Hello (there),\n\n" + MODEL + "mystery(a) = 3\ny = mystery(a)\nmodel2 = Model(a, y)\n"
    remarks = read_program(text).remarks
    assert [remark.line for remark in remarks if "mystery" in remark.text] == [9]


def test_a_line_that_looks_like_code_keeps_what_it_assigns():
    source = code_of("x = Dense(3)(a\ny = 1\nif y:\n    z, w = f(\n    print z\n")
    assert source.unreadable == (1, 4, 5)
    assert ast.unparse(source.tree).split("\n") == ["x = ...", "y = 1", "if y:", "    z, w = ...", "    pass"]


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "I like it.", "{", "[1, 2", '{"cells": 3}', '{"cells": [1, {"cell_type": "code"}]}']
)
def test_a_text_without_code_is_empty(text):
    assert not any(isinstance(node, ast.Call) for node in ast.walk(code_of(text).tree))


def test_what_python_thinks_of_a_paste_is_not_written_to_the_log():
    code = "from mtl_core.graph.program import read_program\nread_program('x = 1is 1')"
    done = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    assert "SyntaxWarning" not in done.stderr
