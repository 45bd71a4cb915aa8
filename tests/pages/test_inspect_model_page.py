"""The inspection in-process: a model goes in by any door, and what is said of it is what its graph says."""

import csv
import gc
import io
import json
import struct
import tracemalloc
import zipfile

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config import untrusted
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.training_words import training_table
from mtl_core.graph.words import table
from mtl_core.inspect import description
from mtl_core.inspect import findings as inspect_words
from mtl_core.inspect.description import describe
from mtl_core.inspect.everything import as_json
from mtl_core.inspect.examples import EXAMPLES, PROGRAMS, load_example, load_program
from pages.components.inspector import given, inspection, training
from pages.components.inspector.model_drawing import COMFORTABLE, MOST_BOXES
from tests.mtl_core.graph.dense_graphs import config
from tests.pages.components.inspector.test_given import READ
from tests.pages.reading import link, shown

PAGE = "pages/inspect_model.py"


@pytest.fixture
def page(visit):
    return visit(PAGE)


def give(at, content, name="model.json"):
    """Upload a file."""
    content = json.dumps(content) if isinstance(content, dict) else content
    content = content.encode() if isinstance(content, str) else content
    at.file_uploader[0].upload(name, content)
    at.run()
    assert not at.exception
    return at


def drawing(at, number=0):
    return at.get("graphviz_chart")[number].proto.spec


def chain(length):
    return config(["a"], {f"d{i}": [f"d{i - 1}" if i else "a"] for i in range(length)}, [f"d{length - 1}"])


def keras_file(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", text)
        archive.writestr("model.weights.h5", b"not read")
    return packed.getvalue()


def test_a_first_visit_shows_the_question_s_case_2_and_the_paths_that_plot_model_makes_up(page):
    assert not page.exception
    assert page.header[0].value == "Each head reads one input and cannot depend on any other"
    words = shown(page)
    assert "| `predictions1` | may depend | **cannot** |" in words
    assert "plot_model draws 2 paths that do not exist" in words
    assert "`tweet_b` → `shared_lstm` → `predictions1`" in words
    assert "Only the architecture is read" in words
    assert "def shuffle_test" in page.code[0].value
    assert "--forbid predictions1:tweet_b" in page.code[1].value


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_a_file_that_once_broke_the_page_is_shown_and_shown_again(page, path):
    give(page, path.read_bytes(), path.name)
    assert "Your own" in shown(page)
    assert not page.run().exception


def test_which_loss_changes_which_layer_is_told_in_picture_words_and_table(page):
    words = shown(page)
    assert "**The two losses meet only in `shared_lstm`.**" in words
    assert "Loss 1 may change `shared_lstm` and `predictions1`. It cannot change `predictions2`" in words
    assert any("changed by loss 1 and loss 2" in chart.proto.spec for chart in page.get("graphviz_chart"))


def test_frozen_layers_cuts_and_losses_that_weigh_nothing_of_a_pasted_program_are_told(page):
    paste(
        page,
        "a = Input((4,), name='photo')\nbase = Sequential([Dense(3, name='low')], name='base')\nbase.trainable = False\n"
        "x = Dense(4, name='hidden')(base(a))\ny = Dense(1, name='brand')(K.stop_gradient(x))\n"
        "model = Model(a, [Dense(1, name='price')(x), y])\nmodel.compile('sgd', 'mse', loss_weights=[0, 1])",
    )
    words = shown(page)
    assert "**Only the loss of `brand` changes any weights.**" in words
    assert "The loss of `price` weighs 0 in what is minimised, so it changes nothing." in words
    assert "It cannot change `hidden`: the way back is cut at `stop_gradient`." in words
    assert "`base/low` is frozen (trainable is false): no loss changes it." in words


def test_each_example_is_one_click_away_and_in_the_link(page):
    for name in EXAMPLES:
        page.pills(key="inspected").set_value(name).run()
        graph = CallGraph.from_json(load_example(name))
        assert not page.exception
        assert page.header[0].value == inspect_words.headline(graph)
        assert inspect_words.size(graph) in shown(page)
        assert all(f"`{head}`" in shown(page) for head in graph.outputs)
        assert link(page).get("insp", "case2") == name


def test_a_link_opens_its_example(visit):
    assert visit(PAGE, insp="three_heads").header[0].value == "2 of 6 pairs of a head and an input have no path"


@pytest.mark.parametrize("pack", [str.encode, keras_file], ids=["json", "keras"])
def test_an_uploaded_model_is_inspected_and_stays_out_of_the_link(page, pack):
    give(page, pack(load_example("image_text")), "picture.keras")
    assert page.header[0].value == "`language` cannot depend on `image`"
    assert "`picture.keras`" in shown(page)
    assert link(page)["insp"] == "own"
    assert "picture" not in str(link(page))


def test_pasted_json_is_inspected(page):
    page.text_area[0].set_value(load_example("siamese"))
    next(button for button in page.button if button.label == "Inspect").click().run()
    assert page.header[0].value == "The head may depend on every input"
    assert "encoder" in drawing(page)


def test_an_own_model_is_still_there_after_a_visit_to_another_page_and_to_an_example(page):
    give(page, load_example("image_text"), "picture.json")
    page.pills(key="inspected").set_value("unet").run()
    page.switch_page("pages/glossary.py").run()
    page.switch_page(PAGE).run()
    assert "A U-Net" in shown(page)
    page.pills(key="inspected").set_value("own").run()
    assert page.header[0].value == "`language` cannot depend on `image`"


def test_a_model_that_cannot_be_read_a_second_time_is_let_go_with_a_sentence(page, monkeypatch):
    def too_slow(_file):
        raise ModelFileError("The model takes longer than 1 s of computing, so this app left it.")

    give(page, chain(4))
    given._cache.clear()  # as if others had given models of theirs
    with monkeypatch.context() as patch:
        patch.setattr(given, "read_file", too_slow)
        page.run()
    assert not page.exception
    assert "`model.json` had to be read again, and could not be. The model takes longer" in shown(page)
    assert "predictions1" in drawing(page)
    assert "d3" in drawing(give(page, chain(4)))


def test_somebody_else_s_link_to_their_own_model_says_that_it_has_no_model(visit):
    at = visit(PAGE, insp="own")
    assert "A model is never in a link" in shown(at)
    assert "`predictions1`" in shown(at)


BAD = {
    "empty": b"",
    "no text": b"\x00\xff\x00\xff",
    "no JSON": b"{layers: [",
    "JSON of something else": b"[1, 2, 3]",
    "cut off": load_example("case1").encode()[:700],
    "a damaged zip": keras_file(load_example("case1"))[:200],
    "a zip of something else": b"PK\x05\x06" + bytes(18),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "nested too deeply": b"[" * 100_000,
    "a zip bomb": keras_file(" " * 50_000_000),
    "a circle": json.dumps(config(["a"], {"one": ["two"], "two": ["one"]}, ["two"])).encode(),
    "a dangling reference": json.dumps(config(["a"], {"one": ["nobody"]}, ["one"])).encode(),
    "two of one name": load_example("case1").replace("tweet_b", "tweet_a").encode(),
    "another encoding": '{"name": "grün"}'.encode("latin-1"),
    "a zip that lies about itself": struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, 1, 2**31, 11, 0),
}


def test_a_file_that_is_no_model_gets_a_sentence_and_the_screen_stays_as_it_was(page):
    said = {
        what: [error.value for error in give(page, content, f"{what}.keras").error] for what, content in BAD.items()
    }
    for what, (sentence,) in said.items():
        assert sentence.startswith(f"`{what}.keras` could not be read. ")
        assert sentence.endswith(".")
    assert len({sentence.split(". ", 1)[1] for (sentence,) in said.values()}) > 8  # each says what is wrong with it
    assert page.header[0].value == "Each head reads one input and cannot depend on any other"
    page.pills(key="inspected").set_value("case1").run()
    assert not page.error


def test_names_full_of_markup_are_shown_letter_by_letter(page):
    nasty = ["<img src=x onerror=alert(1)>", "![](http://example.com/x.png)", "a|`b`|**c**"]
    give(page, config(nasty[:2], {nasty[2]: nasty[:1]}, [nasty[2]]), "<b>.json")
    words = shown(page)
    assert "`<img src=x onerror=alert(1)>`" in words
    assert words.count("![](") == words.count("`![](")
    assert "``` a" not in words
    assert "| `` a|`b`|**c** `` | may depend |" in words
    assert page.header[0].value == "`` a|`b`|**c** `` cannot depend on `![](http://example.com/x.png)`"


def test_choosing_an_input_and_a_head_names_the_calls_between_and_lights_up_the_way(page):
    page.pills(key="inspected").set_value("three_heads").run()
    page.selectbox(key="inspect_input").set_value("tweet_a")
    page.selectbox(key="inspect_head").set_value("same_author").run()
    assert "first meets another input in `merged_vector`" in shown(page)
    assert "What is dashed is not on the way." in shown(page)
    assert "mood_b" in drawing(page)
    page.toggle(key="inspect_only").set_value(True).run()
    assert "mood_b" not in drawing(page)
    page.selectbox(key="inspect_input").set_value("tweet_b")
    page.selectbox(key="inspect_head").set_value("mood_a").run()
    assert "not one bit of `mood_a` changes. plot_model draws one all the same" in shown(page)


def test_another_model_is_looked_at_with_fresh_eyes(page):
    page.selectbox(key="inspect_head").set_value("predictions1").run()
    page.pills(key="inspected").set_value("siamese").run()
    assert not page.exception
    assert page.selectbox(key="inspect_head").value is None


def test_a_file_that_is_no_model_leaves_the_look_at_an_own_model_alone(page):
    give(page, load_example("image_text"))
    page.selectbox(key="inspect_head").set_value("language").run()
    give(page, b"{")
    assert page.selectbox(key="inspect_head").value == "language"
    give(page, load_example("image_text"))
    assert page.selectbox(key="inspect_head").value is None


def test_a_nested_model_folds_up_and_finding_a_layer_opens_it(page):
    page.pills(key="inspected").set_value("siamese").run()
    assert "conv2" in drawing(page)
    page.multiselect(key="inspect_open_models").set_value([]).run()
    assert "conv2" not in drawing(page)
    page.selectbox(key="inspect_call").set_value("encoder/conv2#2").run()
    assert "conv2" in drawing(page)
    assert "`encoder/conv2#2` is call 2 of `encoder/conv2`" in shown(page)
    assert "It may depend on `right`. It reaches `same`." in shown(page)


def test_a_large_model_starts_folded_and_finding_a_layer_opens_its_run(page):
    give(page, chain(COMFORTABLE + 100))
    assert "calls in a row" in drawing(page)
    assert "d77 " not in drawing(page)
    page.selectbox(key="inspect_call").set_value("d77").run()
    assert "d77 " in drawing(page)
    page.selectbox(key="inspect_call").set_value(None).run()
    page.toggle(key="inspect_fold_runs").set_value(False).run()
    assert drawing(page).count("class=call") == COMFORTABLE + 100 - 1


def test_a_model_too_large_to_draw_quickly_is_drawn_when_asked_for_and_described_at_once(page):
    layers = {f"d{i}": [f"d{i - 1}" if i else "a", f"d{i - 2}" if i > 1 else "a"] for i in range(MOST_BOXES + 50)}
    give(page, config(["a"], layers, [f"d{MOST_BOXES + 49}"]))
    assert not page.get("graphviz_chart")
    assert "more than your browser would draw quickly" in shown(page)
    assert "| may depend |" in shown(page)
    next(button for button in page.button if button.label == "Draw it all the same").click().run()
    assert f"d{MOST_BOXES} " in drawing(page)


def test_many_inputs_and_heads_become_a_table_that_scrolls(page):
    names = [f"i{i}" for i in range(20)]
    give(page, config(names, {f"h{i}": [name] for i, name in enumerate(names)}, [f"h{i}" for i in range(20)]))
    table = page.dataframe[0].value
    assert table.shape == (20, 21)
    assert (table == "may depend").sum().sum() == 20
    assert (table == "cannot").sum().sum() == 380


def test_an_input_that_nothing_uses_is_pointed_out(page):
    give(page, config(["a", "b"], {"head": ["a"]}, ["head"]))
    assert "**`b` reaches no head.**" in shown(page)


def test_every_call_of_a_shared_layer_is_listed(page):
    (table,) = (frame.value for frame in page.dataframe)
    assert list(table["call"]) == ["shared_lstm#1", "shared_lstm#2"]
    assert "1 layer is called more than once" in shown(page)


def test_what_there_is_to_take_home_is_offered_as_files(page):
    labels = [button.label for button in page.get("download_button")]
    assert {"Graph (DOT)", "Everything (JSON)", "Head by input (CSV)", "Calls (CSV)"} <= set(labels)
    assert "Layer by loss (CSV)" in labels


def test_no_cell_of_a_grid_is_a_formula_in_the_file_that_its_own_button_makes(page):
    inputs = [f"=i{k}" for k in range(9)]
    at = give(page, config(inputs, {"=one": inputs, "two": ["=i0"]}, ["=one", "two"]))
    for grid in (frame.value for frame in at.dataframe):
        cells = [*grid.columns, *(cell for column in grid.columns for cell in grid[column])]
        assert not [cell for cell in cells if str(cell).startswith("=")]
    assert "'=i3" in list(at.dataframe[0].value.columns)


def test_which_loss_changes_which_layer_is_a_file_with_the_models_own_names():
    graph = CallGraph.from_json(json.dumps(config(["a", "b"], {"=one": ["a"], "two": ["b"]}, ["=one", "two"])))
    rows = [*csv.reader(io.StringIO(training.as_file(graph)))]
    assert rows[0] == ["layer", "class", "parameters", "loss of =one", "loss of two"]
    assert [(row[0], *row[3:]) for row in rows[1:]] == [
        ("'=one", "may change", "cannot: no path"),
        ("two", "cannot: no path", "may change"),
    ]


def test_a_table_of_training_that_is_too_large_is_a_sentence(monkeypatch):
    monkeypatch.setattr("mtl_core.graph.training_words._MOST_CELLS", 3)
    graph = CallGraph.from_json(json.dumps(config(["a", "b"], {"one": ["a"], "two": ["b"]}, ["one", "two"])))
    assert "too large" in training.as_file(graph)


@pytest.mark.parametrize("name", inspection.FILES)
def test_a_file_too_large_to_send_says_so_in_its_place(name, monkeypatch):
    graph = CallGraph.from_json(json.dumps(config(["ä"], {"one": ["ä"]}, ["one"])))
    *_names, make, say = inspection.FILES[name]
    whole = make(graph)
    for most in (len(whole.encode()), len(whole.encode()) - 1):
        monkeypatch.setattr("mtl_core.inspect.everything.MAX_ANSWER", most)
        taken = inspection.file_or_why(graph, make, say)
        assert taken == whole or f"larger than {most:,} bytes" in taken
        assert (taken == whole) == (most == len(whole.encode()))


def test_a_model_of_somebody_s_own_class_comes_with_a_warning_of_what_its_file_cannot_tell(page):
    assert not page.warning
    whole = {"class_name": "Mine", "module": "mine", "registered_name": "Mine", "config": chain(2)["config"]}
    (warning,) = give(page, whole).warning
    assert "The model's class, `Mine`, is none of Keras's." in warning.value


# Programs


PROGRAM = """
>>> from keras.layers import Input, Dense, concatenate
>>> a = Input((4,)); b = Input((4,))
>>> both = concatenate([a, b])
>>> first = Model([a, b], [Dense(1, name="one")(both), Dense(1, name="two")(b)])
>>> second = Model([a, b], [Dense(1, name="one")(a), Dense(1, name="two")(mystery(b))])
"""
REFUSED = "a = Input((4, 3)); b = Input((5, 2))\nmerged = concatenate([a, b])\n"
WRITES = "open({path!r}, 'w').write('executed')\nimport os; os.mkdir({path!r} + '.folder')\nx = Input((3,))\nmodel = Model(x, Dense(1)(x))\n"


def paste(at, text):
    """Paste a text into the first box and press the button below it."""
    at.text_area[0].set_value(text)
    next(button for button in at.button if button.label == "Inspect").click().run()
    assert not at.exception
    return at


def matrix(at):
    """The rows of the matrix that is set as text."""
    return [line for line in shown(at).splitlines() if line.startswith("| `")]


def test_a_pasted_snippet_with_prompts_gives_each_of_its_models_by_its_variable(page):
    paste(page, "Here is my code:\n" + PROGRAM + "\nWhy does the second head see nothing?")
    assert matrix(page) == ["| `one` | may depend | **cannot** |", "| `two` | *not known* | *not known* |"]
    page.button_group(key="inspect_variable").set_value("first").run()
    assert matrix(page) == ["| `one` | may depend | may depend |", "| `two` | **cannot** | may depend |"]
    assert link(page)["insp"] == "own"
    assert "mystery" not in str(link(page))


def test_what_could_not_be_followed_stands_beside_the_code_with_its_line_and_is_never_a_cannot(page):
    paste(page, PROGRAM.replace(">>> ", ""))
    words = shown(page)
    assert "Nothing of it was executed" in words
    assert "1 thing could not be followed" in words
    assert "Line 6 · `second = Model(" in words
    assert "isn't defined in this text" in words
    assert "mystery(b)" in page.code[0].value
    page.selectbox(key="inspect_input").set_value("b")
    page.selectbox(key="inspect_head").set_value("two").run()
    assert "It is not known whether `two` depends on `b`." in shown(page)
    assert "(line 6)" in shown(page)


def test_a_line_that_keras_would_refuse_is_said_above_the_answer(page):
    page.pills(key="inspected").set_value("program_edit").run()
    (warning, *_caveats) = page.warning
    assert warning.value.startswith("**Keras would refuse line 21.** Concatenate along axis \\-1")
    assert "Along axis 1 they would fit" in warning.value
    assert "Keras would refuse 1 line" in shown(page)


def test_a_snippet_without_a_model_is_told_what_keras_would_refuse_in_it(page):
    paste(page, REFUSED)
    (error,) = page.error
    assert "`the pasted text` could not be read." in error.value
    assert "Line 2: Concatenate along axis \\-1 needs equal sizes" in error.value
    assert page.header[0].value == "Each head reads one input and cannot depend on any other"


def test_a_text_that_can_t_be_read_is_not_confused_with_the_pasted_text_before_it(page):
    paste(page, PROGRAM)
    paste(page, "nothing to see")
    (error,) = page.error
    assert error.value.endswith("What you see below is still the one before, of the same name.")


def test_a_pasted_program_is_not_executed(page, tmp_path):
    path = tmp_path / "witness"
    paste(page, WRITES.format(path=str(path)))
    assert page.header[0].value == "The head may depend on the input"
    assert not list(tmp_path.glob("witness*"))


@pytest.mark.parametrize("name", ["train.py", "notes.txt", "train.ipynb"])
def test_a_program_or_a_notebook_is_taken_as_a_file(page, name):
    source = PROGRAM.replace(">>> ", "")
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    give(page, notebook if name.endswith("ipynb") else source, name)
    assert len(matrix(page)) == 2
    assert f"`{name}`" in shown(page)
    assert "--model second" in page.code[-1].value


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_example_program_is_a_click_and_a_link_away(visit, name):
    at = visit(PAGE, insp=name)
    assert not at.exception
    assert page_text(at) == load_program(name)


def page_text(at):
    return next(block.value for block in at.code if "Input(" in block.value) + "\n"


# Two models side by side


def test_two_models_of_one_program_are_compared(page):
    page.pills(key="inspected").set_value("program_edit").run()
    page.button_group(key="inspect_variable").set_value("before").run()
    page.selectbox(key="inspect_compare").set_value("same after").run()
    assert not page.exception
    words = shown(page)
    assert "4 of 6 pairs changed" in words
    assert "`topic` could not depend on `body`, and now may: a path leads there." in words
    assert "Shared in the second model only: `shared_lstm`." in words
    assert "title_lstm" in drawing(page, 2)
    assert "shared_lstm" in drawing(page, 3)


def test_an_example_is_compared_with_another_and_a_chosen_one_is_let_go_when_it_is_gone(page):
    page.selectbox(key="inspect_compare").set_value("case1").run()
    assert "2 of 4 pairs changed" in shown(page)
    page.pills(key="inspected").set_value("case1").run()
    assert not page.exception
    assert page.selectbox(key="inspect_compare").value is None


def test_a_second_paste_is_compared_with_the_first(page):
    paste(page, PROGRAM.replace("mystery(b)", "b"))
    second = page.text_area[1]
    second.set_value(PROGRAM.replace("mystery(b)", "both"))
    page.button(key="take_second").click().run()
    assert not page.exception
    words = shown(page)
    assert "1 of 4 pairs changed" in words
    assert "`two` could not depend on `a`, and now may" in words
    assert link(page)["insp"] == "own"


def test_a_second_model_that_can_t_be_read_is_said_beside_it_and_changes_nothing(page):
    page.text_area[1].set_value("nothing to see")
    page.button(key="take_second").click().run()
    (error,) = page.error
    assert error.value.startswith("`the pasted text` could not be read.")
    assert page.selectbox(key="inspect_compare").value is None


# What must not happen


def test_a_model_that_takes_too_long_to_draw_is_said_to_and_described(page, monkeypatch):
    def too_long(*_args, **_options):
        raise ModelFileError("The model takes longer than 1 s of computing, so this app left it.")

    monkeypatch.setattr(CallGraph, "to_dot", too_long)
    page.pills(key="inspected").set_value("siamese").run()
    page.selectbox(key="inspect_compare").set_value("case1").run()
    assert not page.exception
    assert "It can't be drawn: The model takes longer than 1 s" in shown(page)
    assert matrix(page) == ["| `same` | may depend | may depend |"]


def test_an_input_named_head_does_not_hide_the_heads_names(page):
    names = ["Head", *(f"i{i}" for i in range(19))]
    give(page, config(names, {f"h{i}": [name] for i, name in enumerate(names)}, [f"h{i}" for i in range(20)]))
    table = page.dataframe[0].value
    assert list(table["Head"]) == [f"h{i}" for i in range(20)]
    assert list(table["Head (input)"]) == ["may depend", *["cannot"] * 19]


def test_a_command_to_copy_holds_no_control_characters(page):
    bad = "b\nrm -rf ~\x1b[2J"
    give(page, config(["a", bad], {"h": ["a"], bad + "2": [bad]}, ["h", bad + "2"]))
    command = page.code[-1].value
    assert all(character.isprintable() or character == "\n" for character in command)
    assert "rm -rf" not in command
    assert command.splitlines() == [
        "which-inputs model.keras",
        "which-inputs model.keras --require h:a",
        "which-inputs model.keras --trains h:h",
    ]


def test_an_upload_is_let_go_once_it_was_read(page, monkeypatch):
    freed = []
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda _self, _session, file: freed.append(file))
    give(page, load_example("image_text"))
    give(page, b"{")
    assert len(set(freed)) == 2


def test_graphs_that_are_kept_ready_are_bounded_by_their_size(monkeypatch):
    monkeypatch.setattr(given, "_BYTES_A_CALL", 40 * given._BYTES_A_CALL)  # so that smaller ones do
    cache = given._cache
    cache.clear()
    kept = [given.read("chain.json", json.dumps(chain(length)).encode()) for length in range(200, 220)]
    assert cache.currsize <= given.MAX_CACHED
    assert 1 < len(cache) < len(kept)
    assert given.program_of(kept[0]).models["model"].reaches("a", "d199")
    cache.clear()


def second(at, content):
    """Upload a second model beside the one that is inspected."""
    at.file_uploader[1].upload("second.json", json.dumps(content).encode())
    at.run()
    assert not at.exception
    return at


def times_called(monkeypatch, where, name):
    """How often a function is called from now on, as a list that grows."""
    calls, real = [], getattr(where, name)

    def counting(*args, **named):
        calls.append(name)
        return real(*args, **named)

    monkeypatch.setattr(where, name, counting)
    return calls


def test_the_two_largest_models_that_a_visitor_can_compare_are_kept_ready_together():
    calls, arrows, ends = untrusted.MAX_CALLS, untrusted.MAX_VALUES // 2, 2 * untrusted.MAX_ENDS
    largest = given._BYTES_A_CALL * calls + given._BYTES_AN_ARROW * arrows + given._BYTES_A_PAIR * calls * ends
    assert 2 * largest < given.MAX_CACHED


def test_two_models_too_large_to_be_kept_together_are_read_once_a_click_each(page, monkeypatch):
    monkeypatch.setattr(given, "_BYTES_A_CALL", 0.6 * given.MAX_CACHED / 100)
    given._cache.clear()
    give(page, chain(98))
    second(page, chain(97))
    read = times_called(monkeypatch, given, "read_file")
    page.run()
    assert len(read) <= 2
    assert "No pair of a head and an input changed" in shown(page)
    given._cache.clear()


def test_a_graph_takes_as_much_memory_as_is_estimated(monkeypatch):
    inputs, layers = (
        [f"i{k}" for k in range(60)],
        {f"d{k}": [f"d{k - 1}" if k else "i0", f"i{k % 60}"] for k in range(900)},
    )
    text = json.dumps(config(inputs, layers, [f"d{k}" for k in range(840, 900)])).encode()
    monkeypatch.setattr(untrusted, "MAX_SECONDS", 60.0)  # it is slow while memory is traced
    tracemalloc.start()
    try:
        program = given.program_of(given.read("wide.json", text))
        (graph,) = program.models.values()
        for ask in (describe, as_json, table, training_table, training_dot, CallGraph.to_dot):
            ask(graph)
        given._cache.clear()
        gc.collect()
        with_graph = tracemalloc.get_traced_memory()[0]
        estimated = given._size(program)
        del program, graph
        gc.collect()
        assert 0.6 < (with_graph - tracemalloc.get_traced_memory()[0]) / estimated < 1.1
    finally:
        tracemalloc.stop()


def test_a_click_that_changes_nothing_describes_and_draws_nothing_anew(page, monkeypatch):
    give(page, chain(150))
    second(page, chain(140))
    work = times_called(monkeypatch, untrusted.Budget, "clock")
    page.run()
    assert "calls in a row" in drawing(page)
    assert len(work) < 50  # far less than a look at each of 290 calls


def test_another_language_is_told_in_that_language(page):
    page.session_state["language"] = "qps"
    page.run()
    assert page.header[0].value.startswith("⟦")


def test_a_model_that_takes_too_long_to_describe_says_so_and_leaves_the_examples(page, monkeypatch):
    def too_long(_graph):
        raise ModelFileError("The model takes longer than 1 s of computing, so this app left it.")

    monkeypatch.setattr(description, "describe", too_long)
    page.pills(key="inspected").set_value("siamese").run()
    assert not page.exception
    assert "can't be described. The model takes longer than 1 s" in page.error[0].value
    monkeypatch.undo()
    page.pills(key="inspected").set_value("tickets").run()
    assert page.header


def test_more_pairs_than_a_table_shows_are_left_to_a_file(page, monkeypatch):
    monkeypatch.setattr(description, "MOST_CELLS", 5)
    page.pills(key="inspected").set_value("tickets").run()
    assert not page.exception
    assert "pairs of a head and an input are more than a table shows" in shown(page)
