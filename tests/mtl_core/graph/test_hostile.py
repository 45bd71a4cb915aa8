"""No model keeps a visitor's neighbours waiting: the work grows as the model does, and ends when its time is over."""

import json

import pytest

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config import untrusted
from mtl_core.graph.config.untrusted import Budget
from mtl_core.graph.training_words import headline, training_alt, training_findings, training_table
from mtl_core.graph.words import labels
from mtl_core.inspect import command, everything
from tests.mtl_core.graph.steps import steps

SLACK = 1.5
"""What twice the size may cost, beyond twice the work."""


def entry(name, reads=(), class_name="Dense", calls=None, **config):
    nodes = calls if calls is not None else [[[source, 0, 0, {}] for source in reads]]
    return {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}


def given(name):
    return {"class_name": "InputLayer", "name": name, "config": {"name": name, "batch_shape": [None, 3]}}


def model(layers, inputs, outputs):
    ends = {"input_layers": [[i, 0, 0] for i in inputs], "output_layers": [[o, 0, 0] for o in outputs]}
    return {"class_name": "Functional", "config": {"name": "m", "layers": layers, **ends}}


def alike(n):
    """Names that look alike once they are cut."""
    return tuple(f"{'x' * 100}{i:06d}{'y' * 30}" for i in range(n))


def called_often(n):
    """A shared layer with many arguments and many calls."""
    arguments = {f"argument{i}": i for i in range(n)}
    shared = entry("s", class_name="Dense", calls=[[["a", 0, 0, {}]] for _ in range(n)], **arguments)
    end = entry("z", class_name="Add", calls=[[["s", i, 0, {}] for i in range(n)]])
    return model([given("a"), shared | {"shared_object_id": 7}, end], ["a"], ["z"])


def nested_often(n):
    """A nested model of many layers that nothing reads, called many times."""
    inner = model([given("i"), *(entry(f"d{k}", ["i"]) for k in range(n))], ["i"], ["i"])
    nested = inner | {"name": "nested", "inbound_nodes": [[["a", 0, 0, {}]] for _ in range(8)]}
    return model([given("a"), nested, entry("o", ["a"])], ["a"], ["o"])


def wide(n):
    """As many heads as inputs, each of which sees its own and all that come before."""
    inputs, heads = [f"i{k}" for k in range(n)], [f"d{k}" for k in range(n)]
    layers = [entry(head, [inputs[k], *heads[max(0, k - 1) : k]]) for k, head in enumerate(heads)]
    return model([*map(given, inputs), *layers], inputs, heads)


@pytest.mark.parametrize("make", [called_often, nested_often, wide])
def test_reading_twice_the_model_is_twice_the_work(make):
    small, large = (steps(lambda n=n: CallGraph.from_config(make(n))) for n in (60, 120))
    assert large < 2 * SLACK * small


@pytest.mark.parametrize("make", [called_often, wide])
@pytest.mark.parametrize("view", ["calls", "layers"])
def test_drawing_twice_the_model_is_twice_the_work(make, view):
    small, large = (CallGraph.from_config(make(n)) for n in (60, 120))
    assert steps(lambda: large.to_dot(view)) < 2 * SLACK * steps(lambda: small.to_dot(view))


def test_telling_names_apart_that_look_alike_is_twice_the_work_for_twice_the_names():
    small, large = (steps(lambda n=n: labels(alike(n))) for n in (300, 600))
    assert large < 2 * SLACK * small


def test_names_that_look_alike_have_labels_of_their_own_and_the_first_keeps_its_name():
    names = (*alike(3), "plain", f"{labels(alike(1))[alike(1)[0]]} (2)")
    made = labels(names)
    assert list(made) == list(names)
    assert len(set(made.values())) == len(names)
    assert made["plain"] == "plain"
    assert not made[names[0]].endswith(")")


def test_a_model_that_takes_too_long_is_left_with_a_sentence(monkeypatch):
    monkeypatch.setattr(untrusted.time, "thread_time", iter(range(10_000_000)).__next__)
    with pytest.raises(ModelFileError, match="takes longer than 1 s of computing"):
        CallGraph.from_config(wide(40))


def test_a_drawing_that_takes_too_long_is_left_with_a_sentence(monkeypatch):
    graph = CallGraph.from_config(wide(40))
    monkeypatch.setattr(untrusted.time, "thread_time", iter(range(10_000_000)).__next__)
    for view in ("calls", "layers"):
        with pytest.raises(ModelFileError, match="takes longer"):
            graph.to_dot(view)


def test_the_time_is_over_for_whatever_counts_on():
    budget = Budget(seconds=-1.0)
    for count in (budget.layer, budget.call, lambda: budget.value(1000), budget.clock, budget.again().clock):
        with pytest.raises(ModelFileError, match="takes longer"):
            count()


def test_everything_as_json_names_things_once():
    graph = CallGraph.from_config(wide(30))
    plain = json.loads(everything.as_json(graph))
    assert plain == json.loads(json.dumps(everything.as_dict(graph)))
    assert [plain["inputs"][i] for i in plain["may_depend"][3]] == ["i0", "i1", "i2", "i3"]
    assert everything.as_json(graph).count('"i29"') == 3  # in the list of inputs, and as id and layer of a call


def test_an_answer_too_large_to_send_is_a_sentence(monkeypatch):
    monkeypatch.setattr(everything, "MAX_ANSWER", 1000)
    with pytest.raises(ModelFileError, match="larger than 1,000 bytes"):
        everything.as_json(CallGraph.from_config(wide(30)))


@pytest.mark.parametrize("format", ["table", "dot", "json", "model-explorer"])
def test_no_answer_of_the_command_is_larger_than_the_limit(format, monkeypatch, tmp_path, capsys):
    (tmp_path / "wide.json").write_text(json.dumps(wide(30)))
    monkeypatch.setattr(everything, "MAX_ANSWER", 1000)
    assert command.main([str(tmp_path / "wide.json"), "--format", format]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "larger than 1,000 bytes" in told.err


def test_a_table_of_more_losses_and_layers_than_anybody_reads_is_left_out_and_said(monkeypatch, tmp_path, capsys):
    (tmp_path / "wide.json").write_text(json.dumps(wide(30)))
    monkeypatch.setattr("mtl_core.graph.training_words._MOST_CELLS", 899)
    assert command.main([str(tmp_path / "wide.json")]) == 0
    told = capsys.readouterr().out
    assert "too large here" in told
    assert "There is more to say" not in told
    assert "cannot: no path" not in told


def test_no_more_is_said_of_training_than_anybody_reads(monkeypatch, tmp_path, capsys):
    (tmp_path / "wide.json").write_text(json.dumps(wide(30)))
    monkeypatch.setattr(command, "MOST_TOLD", 7)
    assert command.main([str(tmp_path / "wide.json")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert sum(line.startswith(("The loss of", "It is not known whether the loss of")) for line in told) == 7
    assert told[-1] == "There is more to say of training."


def test_what_training_changes_is_said_of_many_heads_and_layers_without_asking_for_each_pair():
    def said(graph):
        return headline(graph), training_alt(graph), training_findings(graph, most=13)

    small, large = (CallGraph.from_config(wide(n)) for n in (60, 240))
    # Four times the heads and four times the layers are sixteen times the pairs.
    assert steps(lambda: said(large)) < 4 * SLACK * steps(lambda: said(small))


def test_heads_whose_names_look_alike_have_a_column_each_in_the_table_of_training():
    heads = alike(3)
    graph = CallGraph.from_config(model([given("a"), *(entry(head, ["a"]) for head in heads)], ["a"], heads))
    assert [len(row) for row in training_table(graph)] == [6, 6, 6]


# What broke a page until it was loaded anew


def test_two_outputs_and_one_that_bears_the_others_number_stay_three_heads():
    both = entry("x", ["a"]), entry("x[0]", ["b"])
    graph = CallGraph.from_config(model([given("a"), given("b"), *both], ["a", "b"], ["x", "x", "x[0]"]))
    assert len(set(graph.outputs)) == 3
    assert [graph.reaches("b", head) for head in graph.outputs] == [False, False, True]


@pytest.mark.parametrize(
    ("inputs", "outputs", "sentence"),
    [([], ["x"], "no inputs"), (["a"], [], "no outputs"), (["a", "a"], ["x"], "listed twice")],
)
def test_a_model_without_ends_or_with_one_twice_is_refused_in_words(inputs, outputs, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        CallGraph.from_config(model([given("a"), entry("x", ["a"])], inputs, outputs))
