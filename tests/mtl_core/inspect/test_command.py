"""The command answers in text, pictures and exit statuses, and needs no Keras."""

import json
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from mtl_core.inspect import command as inspect
from mtl_core.inspect.command import main
from mtl_core.inspect.examples import load_example

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path):
    def write(example="three_heads", name="model.json"):
        path = tmp_path / name
        if name.endswith(".keras"):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("config.json", load_example(example))
        else:
            path.write_text(load_example(example))
        return str(path)

    return write


def clashing(*names):
    """A model with two heads and two inputs of these names: each head reads the input at its place."""

    def entry(class_name, name, *sources, **config):
        inbound = [
            {
                "args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [x, 0, 0]}} for x in sources],
                "kwargs": {},
            }
        ]
        return {
            "class_name": class_name,
            "name": name,
            "config": {"name": name, **config},
            "inbound_nodes": inbound if sources else [],
        }

    head, other_head, an_input, another = names
    layers = [entry("InputLayer", name, batch_shape=[None, 2]) for name in (an_input, another)]
    layers += [entry("Dense", head, an_input, units=1), entry("Dense", other_head, another, units=1)]
    ends = {"input_layers": [an_input, another], "output_layers": [head, other_head]}
    ends = {key: [[name, 0, 0] for name in value] for key, value in ends.items()}
    return {"class_name": "Functional", "config": {"name": "clash", "layers": layers, **ends}}


@pytest.mark.parametrize("name", ["model.json", "model.keras"])
def test_the_table_has_a_row_a_call_and_says_what_each_head_sees(name, file, capsys):
    assert main([file(name=name)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["call", "class", "shape", "parameters", "reads", "sees"]
    assert "shared_lstm#2  LSTM         16      1,600       tweet_b" in "\n".join(lines)
    assert "mood_a may depend on tweet_a. It cannot depend on tweet_b: no path exists." in lines
    assert "plot_model draws a path from tweet_b to mood_a; no such path exists." in lines


@pytest.mark.parametrize(
    ("rules", "status", "complaints"),
    [
        (["--require", "mood_a:tweet_a", "--forbid", "mood_a:tweet_b"], 0, []),
        (["--require", "mood_a:tweet_b"], 1, ["Required, but no path leads from tweet_b to mood_a."]),
        (["--forbid", "same_author:tweet_a"], 1, ["Forbidden, but same_author may depend on tweet_a."]),
        (["--forbid", "mood_a:tweet_a", "--require", "mood_b:tweet_a", "--require", "mood_a:tweet_a"], 1, ["Required", "Forbidden"]),
    ],
)  # fmt: skip
def test_rules_are_told_by_the_exit_status(rules, status, complaints, file, capsys):
    assert main([file(), *rules]) == status
    error = capsys.readouterr().err.splitlines()
    assert len(error) == len(complaints)
    assert all(line.startswith(complaint) for line, complaint in zip(error, complaints, strict=True))


def test_a_rule_that_can_be_read_in_two_ways_is_no_good_and_both_are_told(tmp_path, capsys):
    config = clashing("a", "a:b", "b:c", "c")
    (tmp_path / "clash.json").write_text(json.dumps(config))
    for flag in ("--require", "--forbid"):
        assert main([str(tmp_path / "clash.json"), flag, "a:b:c"]) == 2
        assert "“a:b:c” can be read in 2 ways: a and b:c; a:b and c." in capsys.readouterr().err
        assert main([str(tmp_path / "clash.json"), flag, "a:c"]) == (flag == "--require")
    for flag in ("--trains", "--frozen"):
        assert main([str(tmp_path / "clash.json"), flag, "a:b:a"]) == (flag == "--trains")
        assert main([str(tmp_path / "clash.json"), flag, "a:b:c"]) == 2
        assert "can be read in 2 ways" in capsys.readouterr().err


@pytest.mark.parametrize("rule", ["mood_a", "mood_a:", "nobody:tweet_a", "mood_a:nothing", "tweet_a:mood_a", ":", ""])
def test_a_rule_about_unknown_names_is_no_good_and_the_names_are_told(rule, file, capsys):
    for flag in ("--require", "--forbid"):
        assert main([file(), flag, rule]) == 2
        assert "The heads are mood_a, mood_b, same_author; the inputs are tweet_a, tweet_b." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rules", "status", "complaints"),
    [
        (["--trains", "mood_a:shared_lstm", "--frozen", "mood_a:mood_b"], 0, []),
        (["--trains", "mood_a:hidden"], 1, ["Required, but the loss of mood_a cannot change hidden: no path leads from there to mood_a."]),
        (["--frozen", "same_author:shared_lstm"], 1, ["Must stay frozen, but the loss of same_author may change shared_lstm: same_author ← hidden ← merged_vector ← shared_lstm#1."]),
        (["--trains", "mood_a:merged_vector"], 1, ["Required, but the loss of mood_a cannot change merged_vector: the layer has no weights that training changes."]),
        (["--trains", "mood_a:nothing"], 2, ["“mood_a:nothing” is not HEAD:LAYER. The heads are mood_a, mood_b, same_author; the layers with weights are "]),
        (["--frozen", "shared_lstm"], 2, ["“shared_lstm” is not HEAD:LAYER."]),
    ],
)  # fmt: skip
def test_rules_about_training_are_told_by_the_exit_status(rules, status, complaints, file, capsys):
    assert main([file(), *rules]) == status
    error = capsys.readouterr().err.splitlines()
    assert len(error) == len(complaints)
    assert all(line.startswith(complaint) for line, complaint in zip(error, complaints, strict=True))


TRANSFER = """
base = Sequential([Dense(3, name="low"), Dense(3, name="high")], name="base")
base.trainable = {trainable}
a = Input((4,), name="photo")
x = Dense(4, name="hidden")(base(a))
model = Model(a, [Dense(1, name="price")(x), Dense(1, name="brand")(mystery(K.stop_gradient(x)))])
"""


@pytest.mark.parametrize(
    ("trainable", "rule", "complaint"),
    [
        (False, ["--frozen", "price:base"], ""),
        (False, ["--trains", "price:base"], "Required, but the loss of price cannot change base/low: it is frozen"),
        (True, ["--trains", "price:base"], ""),
        (True, ["--frozen", "price:base"], "Must stay frozen, but the loss of price may change base/low: price ← hidden ← base/high ← base/low."),
        (True, ["--frozen", "brand:hidden"], "Not known whether the loss of brand changes hidden: "),
        (False, ["--frozen", "brand:base"], ""),
    ],
)  # fmt: skip
def test_a_rule_about_a_nested_model_is_about_all_of_its_layers(trainable, rule, complaint, tmp_path, capsys):
    (tmp_path / "train.py").write_text(TRANSFER.format(trainable=trainable))
    assert main([str(tmp_path / "train.py"), *rule]) == bool(complaint)
    *_remarks, last = ["", *capsys.readouterr().err.splitlines()]
    assert last.startswith(complaint) if complaint else "frozen, but" not in last


def test_every_format_tells_which_loss_changes_which_layer(file, capsys):
    assert main([file("case2")]) == 0
    table = capsys.readouterr().out
    assert re.search(r"^shared_lstm +LSTM +[\d,]+ +may change +may change$", table, re.M)
    assert re.search(r"^predictions2 +Dense +[\d,]+ +cannot: no path +may change$", table, re.M)
    assert "The two losses meet only in shared_lstm." in table
    main([file("case2"), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [[told["layers_with_weights"][i] for i in several] for several in told["may_change"]] == [
        ["shared_lstm", "predictions1"], ["shared_lstm", "predictions2"],
    ]  # fmt: skip
    assert told["changes_not_known"] == [[], []]
    assert main([file("case2"), "--format", "dot", "--view", "training"]) == 0
    assert "changed by loss 1 and loss 2" in capsys.readouterr().out
    main([file("case2"), "--format", "model-explorer"])
    assert '{"key":"changed by","value":"loss 1 and loss 2"}' in capsys.readouterr().out


def test_names_may_contain_colons(tmp_path, capsys):
    text = load_example("case1").replace("predictions1", "a:b").replace("tweet_a", ":x:")
    (tmp_path / "m.json").write_text(text)
    assert main([str(tmp_path / "m.json"), "--require", "a:b::x:"]) == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\3\4", b"\x89HDF\r\n\x1a\n", b"\xff\xfe\xff", b"[" * 5000])
def test_a_file_that_is_no_good_ends_with_2_and_one_sentence(content, tmp_path, capsys):
    (tmp_path / "bad.keras").write_bytes(content)
    assert main([str(tmp_path / "bad.keras")]) == 2
    out, error = capsys.readouterr()
    assert not out
    assert len(error.splitlines()) == 1


def test_a_missing_file_or_a_folder_ends_with_2(tmp_path, capsys):
    assert main([str(tmp_path / "none.keras")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2
    assert "directory" in capsys.readouterr().err


def test_arguments_that_are_no_good_end_with_2(file):
    for wrong in (["--format", "pdf"], ["--view", "all"], []):
        with pytest.raises(SystemExit) as stopped:
            main([file(), *wrong] if wrong else [])
        assert stopped.value.code == 2


def test_json_holds_everything(file, capsys):
    assert main([file(), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    head = told["outputs"].index
    calls = [call["id"] for call in told["calls"]]
    assert [told["inputs"][i] for i in told["may_depend"][head("mood_a")]] == ["tweet_a"]
    assert [calls[i] for i in told["first_merges"][head("same_author")]] == ["merged_vector"]
    assert [calls[i] for i in told["shared_layers"]["shared_lstm"]] == ["shared_lstm#1", "shared_lstm#2"]
    assert {"input": told["inputs"].index("tweet_b"), "output": head("mood_a")} in told["false_paths"]
    assert [call["shape"] for call in told["calls"] if call["id"] == "hidden"] == [[None, 16]]
    assert told["parameters"] == sum({call["layer"]: call["parameters"] for call in told["calls"]}.values())


def test_dot_takes_the_drawing_s_options(file, capsys):
    assert main([file("siamese"), "--format", "dot", "--collapse", "encoder", "--highlight", "left", "--dark"]) == 0
    assert "nested model of 5 calls" in capsys.readouterr().out
    assert main([file("case2"), "--format", "dot", "--view", "layers", "--explain"]) == 0
    assert "no such path from tweet_b" in capsys.readouterr().out
    assert main([file(), "--format", "dot", "--highlight", "nobody"]) == 2


def test_svg_is_drawn_where_dot_is_installed_and_else_that_is_said(file, capsys, monkeypatch):
    status = main([file(), "--format", "svg"])
    out, error = capsys.readouterr()
    assert (status, "</svg>" in out) == (0, True) if not error else (status, "dot" in error) == (2, True)
    monkeypatch.setenv("PATH", "")
    assert main([file(), "--format", "svg"]) == 2
    assert "“dot”, which is not installed here" in capsys.readouterr().err


def test_as_a_command_it_reads_standard_input_and_loads_no_keras(file, tmp_path):
    seen = "import sys, mtl_core.inspect.command as i; i.main(['-']); print({'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", seen], input=load_example("case2").encode(), capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "set()"
    done = subprocess.run(
        [sys.executable, "-m", "mtl_core.inspect", file(), "--forbid", "mood_a:tweet_a"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1


def test_a_terminal_without_arrows_and_a_reader_that_leaves_are_no_problem(file):
    command = f"{sys.executable} -m mtl_core.inspect {file()} --format dot"
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command.split(), capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    done = subprocess.run(f"{command} | true", shell=True, capture_output=True, check=False)
    assert done.stderr == b""


def test_it_says_what_it_can_do():
    assert "which-inputs model.keras" in inspect.__doc__
    for sentence in ("--require", "--forbid", "0 all rules hold, 1 a rule is broken, 2"):
        assert sentence in inspect._parser().format_help()


PROGRAM = """
from keras import Input, Model, layers
a, b = Input((4,), name="a"), Input((4,), name="b")
first = Model([a, b], layers.Dense(1, name="head")(layers.concatenate([a, b])))
second = Model([a, b], layers.Dense(1, name="head")(a))
"""


@pytest.fixture
def program(tmp_path):
    def write(text=PROGRAM):
        path = tmp_path / "train.py"
        path.write_text(text)
        return str(path)

    return write


@pytest.mark.parametrize(("model", "status"), [("first", 1), ("second", 0), (None, 0)])
def test_a_program_s_models_are_asked_by_their_variables(program, model, status):
    chosen = ["--model", model] if model else []
    assert main([program(), *chosen, "--forbid", "head:b"]) == status


def test_a_model_that_a_program_does_not_make_is_named_with_those_it_makes(program, capsys):
    assert main([program(), "--model", "third"]) == 2
    assert "There is no model “third”; the models are first, second." in capsys.readouterr().err


def test_what_could_not_be_followed_is_said_with_its_line_and_proves_nothing(program, capsys):
    text = PROGRAM.replace("second = ", "second = helper(a)\nthird = ") + "fourth = Model([a, b], mystery(a, b))\n"
    assert main([program(text), "--model", "fourth", "--format", "json"]) == 0
    heard = capsys.readouterr()
    head = json.loads(heard.out)["outputs"][0]
    assert "line " in heard.err
    for rule in ("--forbid", "--require"):
        assert main([program(text), "--model", "fourth", rule, f"{head}:b"]) == 1
        assert "Not known whether" in capsys.readouterr().err


def test_model_explorer_gets_each_call_with_what_it_sees_and_reaches(file, capsys):
    assert main([file(), "--format", "model-explorer"]) == 0
    (collection,) = json.loads(capsys.readouterr().out)["graphCollections"]
    nodes = collection["graphs"][0]["nodes"]
    by_id = {node["id"]: node for node in nodes}
    merged = next(node for node in nodes if node["label"] == "merged_vector")
    sources = {by_id[edge["sourceNodeId"]]["label"] for edge in merged["incomingEdges"]}
    attributes = {pair["key"]: pair["value"] for pair in merged["attrs"]}
    assert sources == {"shared_lstm"}
    assert attributes["sees inputs"] == "tweet_a and tweet_b"
    assert attributes["reaches heads"] == "same_author"


def test_the_installed_command_needs_only_what_the_library_declares(file):
    """Neither Keras nor the app: just the dependencies in pyproject.toml."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    roots = {re.split(r"[><=]", name)[0].lower() for name in declared}
    code = (
        "import sys\nfrom mtl_core.inspect.command import main\n"
        f"main([{file()!r}])\n"
        "files = {n.split('.')[0] for n, m in sys.modules.items() if 'site-packages' in str(getattr(m, '__file__', ''))}\n"
        "print(*sorted(files))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    modules = set(done.stdout.splitlines()[-1].split()) - {"_virtualenv", "_distutils_hack", "sitecustomize"}
    names = {"yaml": "pyyaml", "_yaml": "pyyaml"}
    assert {names.get(module, module) for module in modules} <= roots


def test_what_nobody_thought_of_is_not_taken_for_a_broken_rule(file, monkeypatch, capsys):
    def broken(_graph):
        raise KeyError("x")

    monkeypatch.setattr(inspect, "findings", broken)
    assert main([file()]) == 2
    assert "KeyError: 'x'" in capsys.readouterr().err


@pytest.mark.full
def test_the_library_installs_without_the_app_and_brings_the_command(tmp_path, file):
    venv.create(tmp_path / "env", with_pip=True)
    subprocess.run([tmp_path / "env/bin/pip", "install", "--quiet", str(ROOT)], check=True, cwd=tmp_path)
    done = subprocess.run(
        [tmp_path / "env/bin/which-inputs", file(), "--forbid", "mood_a:tweet_b"], cwd=tmp_path, check=False
    )
    assert done.returncode == 0
