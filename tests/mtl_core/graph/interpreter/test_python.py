"""What a program does with Python's own values is what Python does with them, or it isn't worked out."""

import ast
import copy
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.graph.interpreter.budget import MAX_ITEMS, MAX_TEXT, Budget
from mtl_core.graph.interpreter.constants import Unfollowed
from mtl_core.graph.interpreter.follow import Follower
from mtl_core.graph.interpreter.python import BUILTINS, binary, compare, method, unary
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Unknown

WORKED_OUT = (
    "1 + 2 * 3 - 4 / 5", "7 // 2, 7 % 4, 2 ** 10, 2 ** -1, 1 << 4, 64 >> 2", "6 & 3, 6 | 3, 6 ^ 3, ~5, -5, +5, ~True",
    "[1] + [2], (1,) + (2,), 'a' + 'b'", "[0] * 3, 3 * [0], 'ab' * 2, (1, 2) * 2, 'a' * -1", "'%s_%d' % ('a', 3), '%5.2f' % 1.5",
    "{1, 2} - {2}, {1, 2} & {2}, {1} | {2}, {1, 2} ^ {2, 3}", "{'a': 1} | {'b': 2}",
    "1 < 2 <= 2, 3 > 2 >= 2, 1 == 1.0, 1 != 2", "'a' < 'b', (1, 2) < (1, 3), [1] == [1], [1] != (1,), [1, 2] == [1, 3]",
    "None is None, 1 is not None, None is not None", "2 in [1, 2], 3 not in (1, 2), 'b' in 'abc', 2 in range(3), 'k' in {'k': 1}, 1 in {1}",
    "f'{1 + 1}_{\"a\"!r}_{3:03}_{2.5:.1f}_{\"b\":>4}'", "'{}_{}'.format(1, 2), '{a}{b!r}'.format(a=1, b='x'), '{0}{1}{0}'.format('a', 'b')",
    "'_'.join(['a', 'b']), ''.join(('a',)), '-'.join({'k': 1})", "'a_b'.split('_'), 'A'.lower(), 'a'.upper(), ' a '.strip()",
    "'a_b'.partition('_'), 'ab'.startswith('a'), 'ab'.find('b'), 'aa'.count('a'), 'xa'.removeprefix('x')",
    "'a-b'.replace('-', '_'), '7'.zfill(3), 'a b'.title(), '12'.isdigit()", "[3, 1, 2].index(1), [1, 1].count(1), (1, 2).index(2), (1, 1).count(1)",
    "{'a': 1}.get('a'), {'a': 1}.get('b', 2), {}.get('c'), list({'a': 1}), list({'a': 1}.keys()), list({'a': 1}.items())",
    "len('abc'), len([1]), len({}), len(range(4)), len((1, 2))", "int('7'), int(2.9), float('1.5'), str(3), repr('a'), int('ff', 16)",
    "abs(-2), round(2.6), round(2.567, 2), max(1, 3), max([1, 3]), min(2, 1), divmod(7, 2)",
    "list(range(2, 8, 2)), list(range(3)), list(range(3, 0, -1))", "sum([1, 2, 3]), sum([1], 2), sorted([3, 1]), sorted(['b', 'a'], reverse=True)",
    "list(zip([1, 2], 'ab')), list(enumerate('ab', 1)), list(map(str, [1, 2])), list(reversed([1, 2]))",
    "all([1, 2]), any([0, 1]), all([]), bool(0), bool('a'), isinstance(1, int), isinstance('a', (int, str))",
    "[x * 2 for x in range(5) if x % 2], {x: x for x in 'ab'}, [y for x in [[1], [2]] for y in x]",
    "(lambda x, *y, z=3, **k: (x, y, z))(1, 2, z=4)", "'abc'[1:], [1, 2, 3][::-1], (1, 2)[-1], range(5)[2], {'a': [1]}['a'][0]",
    "1 if 2 > 1 else 0, None or 3, 0 and 1, not [], 1 and 2", "dict(a=1), dict([('a', 1)]), dict({'a': 1}, b=2), tuple([1]), list('ab')",
    "str(), str(5), str('a'), str((1, 'a')), repr(5), repr('a'), repr((1, 'a'))",
    "bytes.__name__ if False else b'a' == b'a'",
)  # fmt: skip

TOO_LARGE_OR_WRONG = (
    "'a' * 10**9", "[0] * 10**9", "'a' * 9999 + 'b' * 9999", "10**10**10", "2 ** 65", "10001 ** 2", "1 << 65", "1 << -1", "10**60 * 10**60",
    "'%9999d' % 1", "'%*d' % (5, 1)", "'%+++++++++9999d' % 1", "'%+++++++++.9999f' % 1", "'%+++++++++*d' % (5, 1)",
    "('%s' * 999) % (('a' * 999,) * 999)", "('{0}' * 999).format('a' * 999)", "('{a}' * 999).format(a=('a' * 999,))",
    "('%f' * 999) % ((1e308,) * 999)", "('{0:f}' * 999).format(1e308)",
    "f'{1:9999}'", "'{:9999}'.format(1)", "'{:{}}'.format(1, 5)", "'{0.real}'.format(1)", "'{}'.format([1])",
    "'%s' % [1]", "1 / 0", "1 % 0", "'a' + 1", "[1] - [2]", "-'a'", "~1.5", "(-8) ** 0.5", "'a' < 1", "1 in 5", "[[1]] == [[1]]",
    "'a'.join([1])", "'a'.join('b' * 5)", "'a'.encode()", "'a'.translate({})", "'7'.zfill(1000)", "'a'.replace('a', 'b' * 100)", "'a'.index('z')",
    "[1].index(2)", "[].pop()", "{}.pop('a')", "(1).to_bytes(2, 'big')", "(1, []).index(1)", "max('ab')", "max([])", "int('9' * 200)", "int('a')",
    "float([])", "str([1])", "abs('a')", "sorted([1, 'a'])", "sorted([1, 2], key=abs)", "[1, 2][5]", "{'a': 1}['b']", "'abc'['a']",
    "list(range(10**9))", "[x for x in range(10**9)]", "dict([1])", "reversed(5)", "zip(5)", "sum(5)", "len(5)", "(5).bit_length()",
    "dict(a=1) == {'a': 1}",
)  # fmt: skip


def value_of(expression):
    follower = Follower(Trace(Budget()))
    return follower.evaluate(ast.parse(expression, mode="eval").body, follower.module)


def test_texts_stay_small_however_long_the_texts_in_a_program_are():
    long = repr(("a" * 9_999,) * 16)
    assert all(len(value_of(text)) <= MAX_TEXT for text in (f"str({long})", f"repr({long})"))


@pytest.mark.parametrize("expression", WORKED_OUT)
def test_small_values_are_worked_out_as_python_does(expression):
    assert value_of(expression) == eval(expression)


@pytest.mark.parametrize("expression", TOO_LARGE_OR_WRONG)
def test_what_is_too_large_or_an_error_in_the_program_is_not_worked_out(expression):
    assert isinstance(value_of(expression), Unknown)


NUMBERS = st.one_of(st.integers(-100, 100), st.floats(-100, 100), st.booleans())
OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>",
    "BitAnd": "&", "BitOr": "|", "BitXor": "^", "MatMult": "@",
}  # fmt: skip


@given(st.sampled_from(sorted(OPERATORS)), NUMBERS, NUMBERS)
def test_arithmetic_is_python_s_or_not_worked_out(name, left, right):
    try:
        ours = binary(name, left, right, Budget())
    except Unfollowed:
        return
    theirs = eval(f"a {OPERATORS[name]} b", {"a": left, "b": right})
    assert ours == theirs or (math.isnan(ours) and math.isnan(theirs))
    assert type(ours) is type(theirs)


CHANGES = (
    ([1], "append", [2]), ([1], "extend", [[2, 3]]), ([1], "extend", [{"a": 1}]), ([1, 2], "insert", [0, 3]), ([1, 2], "pop", []),
    ([1, 2], "pop", [0]), ([1, 2, 1], "remove", [1]), ([1, 2], "reverse", []), ([1], "clear", []), ([1], "copy", []),
    ({"a": 1}, "update", [{"b": 2}]), ({"a": 1}, "pop", ["a"]), ({"a": 1}, "pop", ["b", 3]), ({"a": 1}, "setdefault", ["b", 2]),
    ({"a": 1}, "clear", []), ({"a": 1}, "copy", []), ({1}, "add", [2]), ({1}, "update", [[2]]), ({1}, "discard", [1]), ({1}, "union", [{2}]),
    ({1, 2}, "intersection", [{2}]), ({1, 2}, "difference", [{2}]), ({1}, "remove", [1]),
)  # fmt: skip


@pytest.mark.parametrize(("value", "name", "args"), CHANGES)
def test_lists_dicts_and_sets_change_as_python_s_do(value, name, args):
    ours, theirs = copy.deepcopy(value), copy.deepcopy(value)
    assert method(ours, name, args, {}, Budget()) == getattr(theirs, name)(*args)
    assert ours == theirs


REFUSED = (
    ([0] * MAX_ITEMS, "append", [1]), ([0] * MAX_ITEMS, "extend", [[1]]), ([0] * MAX_ITEMS, "insert", [0, 1]), ([1], "extend", [5]),
    ([1], "remove", [2]), ([1], "sort", []), ([1], "__setitem__", [0, 2]), ({"a": 1}, "update", [[("b", 2)]]), ({}, "get", [[1]]),
    ({n: n for n in range(MAX_ITEMS)}, "update", [{"b": 2}]), ({"a": 1}, "popitem", []), ({1}, "add", [[2]]), ({1}, "pop", []),
    ("a" * (MAX_TEXT + 1), "upper", []), ("a", "center", [10**9]), (5, "conjugate", []), (None, "x", []),
)  # fmt: skip


@pytest.mark.parametrize(("value", "name", "args"), REFUSED, ids=lambda part: str(part)[:20])
def test_what_would_grow_without_end_or_is_not_known_is_refused_and_changes_nothing(value, name, args):
    before = copy.copy(value)
    with pytest.raises(Unfollowed):
        method(value, name, args, {}, Budget())
    assert value == before


def test_each_part_of_what_an_operator_or_a_text_makes_is_a_step():
    numbers = dict.fromkeys(range(999))
    for make in (
        lambda budget: method("a," * 999, "split", [","], {}, budget),
        lambda budget: method("a\n" * 999, "splitlines", [], {}, budget),
        lambda budget: binary("BitOr", numbers, {}, budget),
        lambda budget: binary("Sub", set(numbers), {1}, budget),
    ):
        budget = Budget()
        assert budget.steps == 0
        assert len(make(budget)) <= budget.steps


def test_a_dict_is_updated_by_names_too():
    ours = {"a": 1}
    method(ours, "update", [], {"b": 2}, Budget())
    assert ours == {"a": 1, "b": 2}


def test_objects_that_are_no_values_are_the_same_only_if_they_are_one():
    one, other = Unknown("?"), Unknown("?")
    assert compare("Is", one, one)
    assert compare("IsNot", one, other)
    assert compare("In", one, [other, one])
    assert not compare("In", one, [other])
    for name, left, right in (("Lt", one, 1), ("Eq", one, other), ("In", 1, one)):
        with pytest.raises(Unfollowed):
            compare(name, left, right)


@pytest.mark.parametrize(("name", "value"), [("USub", "a"), ("Invert", 1.5), ("UAdd", None)])
def test_signs_are_for_numbers(name, value):
    with pytest.raises(Unfollowed):
        unary(name, value)


@pytest.mark.parametrize("name", [name for name in BUILTINS if name.startswith(("math.", "numpy."))])
def test_functions_of_modules_are_python_s(name):
    args = {"gcd": (12, 18), "prod": ([2, 3],)}.get(name.partition(".")[2], (4.0,))
    assert BUILTINS[name](*args) == getattr(math, name.partition(".")[2])(*args)
