"""Reading, describing and drawing a model is one step each, with one deadline, and grows as the model does."""

import dataclasses
import inspect
import json

import pytest

from mtl_core.graph import CallGraph, ModelFileError, training_words, words
from mtl_core.graph.config import untrusted
from mtl_core.graph.config.untrusted import Budget, each, step
from mtl_core.graph.draw import boxes, dot, training
from mtl_core.graph.interpreter import any_file
from mtl_core.inspect import compare, description, everything, findings, model_explorer
from tests.mtl_core.graph.steps import steps
from tests.mtl_core.graph.test_hostile import SLACK, entry, given, model, wide

MODULES = (words, training_words, boxes, dot, training, findings, everything, model_explorer, compare, description)

OF_NO_LOOP = {"loss", "fits_a_table"}
"""What tells of a graph without a look at its calls, heads or inputs."""


def _describers():
    """Every public function that is given a graph, by its module's name and its own."""
    for module in MODULES:
        for name in module.__all__:
            function = getattr(module, name)
            parameters = list(inspect.signature(function).parameters) if inspect.isfunction(function) else []
            if parameters and parameters[0] in ("graph", "before") and name not in OF_NO_LOOP:
                yield pytest.param(function, id=f"{module.__name__.removeprefix('mtl_core.')}.{name}")


def arguments(function, graph):
    """The graph and, of what else a function needs, what gives it most to do."""
    whole = {
        "graph": graph, "before": graph, "after": graph, "name": graph.inputs[0], "head": graph.outputs[-1],
        "output_name": graph.outputs[-1], "call_id": graph.calls[-1].id, "call_ids": graph.calls[-1].id,
        "layer_name": graph.layers_with_weights[0], "highlight": graph.outputs[-1],
    }  # fmt: skip
    wanted = inspect.signature(function).parameters.values()
    return [whole[one.name] for one in wanted if one.default is one.empty and one.name in whole]


def described(function, graph):
    """All that a describer tells; generators are run to their end."""
    told = function(*arguments(function, graph))
    return list(told) if inspect.isgenerator(told) else told


class Clock:
    """A thread's clock that goes on by so much each time that somebody looks at it, and when it is told to."""

    def __init__(self, monkeypatch, tick=0.0):
        self.now, self.tick, self.looks = 0.0, tick, 0
        monkeypatch.setattr(untrusted.time, "thread_time", self.look)

    def look(self):
        self.looks += 1
        self.now += self.tick
        return self.now


@pytest.mark.parametrize("function", _describers())
def test_whatever_describes_or_draws_a_graph_ends_with_a_sentence_when_its_time_is_over(function, monkeypatch):
    graph = CallGraph.from_config(wide(12))
    Clock(monkeypatch, tick=1.0)
    with pytest.raises(ModelFileError, match="takes longer than 1 s"):
        described(function, graph)


@pytest.mark.parametrize("function", _describers())
def test_describing_twice_the_model_is_twice_the_work_or_as_much_as_it_tells(function):
    small, large = (CallGraph.from_config(wide(n)) for n in (40, 80))
    pairs = function.__module__.endswith(("training_words", "compare")) and "table" in function.__name__
    growth = 4 if pairs or "rows" in function.__name__ else 2  # a table of heads and layers has four times the cells
    assert steps(lambda: described(function, large)) < growth * SLACK * steps(lambda: described(function, small))


class Name(str):
    """A name that counts how often it is compared with another, which no count of lines shows."""

    compared = 0
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other):
        Name.compared += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize("function", _describers())
def test_no_name_is_looked_for_along_a_list_of_names(function):
    def comparisons(n):
        graph = CallGraph.from_config(wide(n))
        heads = tuple(dataclasses.replace(head, name=Name(head.name)) for head in graph.heads)
        graph = dataclasses.replace(graph, inputs=tuple(map(Name, graph.inputs)), heads=heads)
        Name.compared = 0
        described(function, graph)
        return Name.compared

    small, large = comparisons(30), comparisons(60)
    assert large <= 4 * SLACK * small + 60  # there are four times the pairs of a head and an input


def test_all_of_a_step_has_one_deadline_however_many_budgets_count_in_it(monkeypatch):
    clock = Clock(monkeypatch)
    with step():
        Budget().clock()
        clock.now = 0.9
        with step():
            late = Budget()
        clock.now = 1.1
        for ask in (late.clock, Budget().clock, Budget(seconds=5.0).clock, lambda: list(each("a"))):
            with pytest.raises(ModelFileError, match="takes longer"):
                ask()
    assert list(each("ab")) == ["a", "b"]


def test_a_drawing_has_no_second_for_its_boxes_and_another_for_its_arrows(monkeypatch):
    graph = CallGraph.from_config(wide(12))
    clock, boxes_of = Clock(monkeypatch), dot.boxes_of

    def slow(*args, **options):
        made = boxes_of(*args, **options)
        clock.now += 1.1
        return made

    for module in (dot, training):
        monkeypatch.setattr(module, "boxes_of", slow)
    for draw in (graph.to_dot, lambda: training.training_dot(graph)):
        with pytest.raises(ModelFileError, match="takes longer"):
            draw()


def test_a_file_has_no_second_for_its_format_and_another_for_its_model(monkeypatch):
    clock, config_of_file = Clock(monkeypatch), any_file.config_of_file

    def slow(file):
        clock.now += 0.6
        late = Budget()  # such as a format makes
        clock.now += 0.6
        late.clock()
        return config_of_file(file)

    monkeypatch.setattr(any_file, "config_of_file", slow)
    with pytest.raises(ModelFileError, match="takes longer"):
        CallGraph.from_file(json.dumps(wide(1)).encode())


def test_what_every_path_to_a_head_passes_is_looked_for_once_for_all_heads():
    def fixed(n):
        layers = [given("a"), entry("one", ["a"], units=1, activation="softmax")]
        layers += [entry(f"d{k}", [f"d{k - 1}" if k else "one"]) for k in range(n)]
        graph = CallGraph.from_config(model(layers, ["a"], [f"d{k}" for k in range(n)]))
        told = []
        work = steps(lambda: told.extend(words.caveats(graph)))
        assert "no input changes what these heads predict" in told[-1]
        return work

    assert fixed(160) < 2 * SLACK * fixed(80)


def test_what_was_not_read_is_named_for_many_heads_and_inputs_without_a_look_at_each_pair():
    def unsure(n):
        inputs, heads = [f"i{k}" for k in range(n)], [f"h{k}" for k in range(n)]
        mystery = entry("mystery", inputs, "Lambda", module="mine", registered_name="mine>Mystery")
        layers = [*map(given, inputs), mystery, *(entry(head, ["mystery"]) for head in heads)]
        return CallGraph.from_config(model(layers, inputs, heads))

    assert "mystery could not be read" in next(words.heads(unsure(2)))
    small, large = (steps(lambda n=n: list(words.heads(unsure(n)))) for n in (20, 40))
    assert large < 2 * SLACK * small


def test_more_false_paths_than_anybody_reads_are_counted():
    inputs, heads = [f"i{k}" for k in range(11)], [f"h{k}" for k in range(11)]
    shared = entry("shared", calls=[[[name, 0, 0, {}]] for name in inputs])
    own = [entry(head, calls=[[["shared", k, 0, {}]]]) for k, head in enumerate(heads)]
    graph = CallGraph.from_config(model([*map(given, inputs), shared, *own], inputs, heads))
    told = [sentence for sentence in words.findings(graph) if sentence.startswith("plot_model draws")]
    assert len(graph.false_paths()) == graph.count_false_paths() == 110
    assert len(told) == words.MOST_FALSE + 1
    assert told[-1] == "plot_model draws 10 more paths that do not exist."


def test_a_graph_keeps_no_list_of_names_for_each_of_its_calls():
    graph = CallGraph.from_config(wide(60))
    for module in (words.table, everything.as_json, model_explorer.model_explorer):
        module(graph)
    kept = sum(
        len(value)
        for one in vars(graph).values()
        if isinstance(one, dict)
        for value in one.values()
        if isinstance(value, tuple)
    )
    assert kept < 4 * len(graph.calls)
