"""The playground in-process: controls, words and drawings follow each other."""

import re

import pytest

from mtl_core.spec import PRESETS, DataSpec, ExperimentSpec, ModelSpec, TrainSpec, ViewSpec, knobs
from tests.mtl_core.made_runs import with_pulls
from tests.pages.made_jobs import SPEC, finished
from tests.pages.reading import arrows, component, link, read, shown, unfolded


def test_the_first_screen_shows_the_question_the_graph_and_who_reads_what(visit):
    at = visit()
    assert not at.exception
    assert "Which one is [multi-task](glossary#multi_task), and what is" in at.title[0].value
    assert "https://stackoverflow.com/questions/57197895" in shown(at)
    assert "`concatenate` lets each head read both tweets" in shown(at)
    assert "merged_vector->predictions1" in arrows(at)
    assert "predictions1 may depend on tweet_a and tweet_b" in component(at, "picture")["labels"]["alt"]


def test_switching_concatenate_off_takes_the_path_out_of_the_graph_and_the_words(visit):
    at = visit()
    at.toggle(key="concatenate").set_value(False).run()
    assert arrows(at) == {
        "tweet_a->shared_lstm#1",
        "tweet_b->shared_lstm#2",
        "shared_lstm#1->predictions1",
        "shared_lstm#2->predictions2",
    }
    words = shown(at)
    assert "no head can see the other tweet" in words
    assert link(at)["m"] == "none"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_every_control_and_the_link(visit, name):
    at = visit(u="64", mix="10", lr="0.1")
    at.menu_button(key="preset").set_value(name).run()
    assert not at.exception
    assert ExperimentSpec.from_query(link(at)) == (PRESETS[name].spec, [])
    assert f"**{PRESETS[name].title}.**" in "\n".join(read(caption.value) for caption in at.sidebar.caption)


def test_the_questions_own_size_has_recorded_curves_and_the_page_says_why_it_is_not_the_default(visit):
    at = visit(**ExperimentSpec.question().to_query())
    assert "Recorded with Keras" in shown(at)
    assert "After epoch 12, head 1 is right on" in shown(at)
    assert "so the others are smaller" in "\n".join(read(caption.value) for caption in at.sidebar.caption)


def test_settings_that_are_no_presets_are_called_your_own(visit):
    captions = "\n".join(caption.value for caption in visit(u="64").sidebar.caption)
    assert "**Your own settings.**" in captions


def test_what_each_loss_may_change_of_which_rows_and_when_is_set_under_more_and_travels_in_the_link(visit):
    at = unfolded(visit())
    assert "makes no difference" not in "\n".join(caption.value for caption in at.sidebar.caption)
    at.selectbox(key="detach").set_value("predictions2")
    at.number_input(key="labelled_1").set_value(0.25)
    at.number_input(key="labelled_2").set_value(0.5)
    at.selectbox(key="schedule").set_value("alternate").run()
    wanted = SPEC.replace(detach="predictions2", labelled=(0.25, 0.5), schedule="alternate")
    assert ExperimentSpec.from_query(link(at)) == (wanted, [])
    opened = unfolded(visit(**link(at)))
    assert opened.number_input(key="labelled_2").value == 0.5
    assert opened.selectbox(key="detach").value == "predictions2"


def test_a_training_setting_that_makes_no_difference_is_named_beside_it(visit):
    at = unfolded(visit(w="1,0", det="predictions2", lab="1,0.5"))
    captions = "\n".join(caption.value for caption in at.sidebar.caption)
    assert "The loss of head 2 weighs 0, so stopping its gradient makes no difference." in captions
    assert "The loss of head 2 weighs 0, so its labels make no difference." in captions


def test_where_numbers_are_shown_rows_without_a_label_and_turns_are_said(visit, made):
    spec = SPEC.replace(labelled=(0.25, 1.0), schedule="alternate")
    made.known[spec] = finished(spec)
    words = shown(visit(**spec.to_query()))
    assert "Task 1 has a label on 512 of 2,048 training pairs" in words
    assert "The tasks take turns" in words


def test_the_tasks_pulls_are_one_click_away_with_the_other_case_and_a_caution(visit, made):
    made.known |= {spec: with_pulls(finished(spec)) for spec in (SPEC, SPEC.other_case)}
    at = visit()
    assert "Task pulls" in at.segmented_control(key="chart").options
    at.segmented_control(key="chart").set_value("pulls").run()
    words = shown(at)
    assert "Both tasks pull at what they share the same way in 2 of 4 epochs" in words
    assert "In the other case (case 2: not connected) it is" in words
    assert "do not by themselves mean that sharing hurts" in words
    assert len(at.get("plotly_chart")) == 2
    assert link(at)["fig"] == "pulls"


def test_where_nothing_is_shared_the_pulls_say_so_without_a_chart(visit, made):
    spec = SPEC.replace(merge="none", encoder="separate")
    made.known[spec] = with_pulls(finished(spec))
    at = visit(fig="pulls", **spec.to_query())
    assert not at.exception
    assert "No weight is reached by both losses" in shown(at)
    assert not at.get("plotly_chart")


def test_a_setting_changed_right_after_a_preset_stays_changed(visit):
    at = visit()
    at.menu_button(key="preset").set_value("match").run()
    at.select_slider(key="lstm_units").set_value(32).run()
    at.slider(key="mixing_deg").set_value(40.0).run()
    spec, _notes = ExperimentSpec.from_query(link(at))
    assert spec == PRESETS["match"].spec.replace(lstm_units=32, mixing_deg=40.0)


def test_a_link_cannot_write_markup_into_the_page(visit):
    at = visit(
        u="![x](//evil/p.png)", v="<b>2</b>", lr="https://evil.example", **{"[k](//evil)": "1", "www.evil.example": "1"}
    )
    assert not at.exception
    assert len(at.warning) == 4
    for warning in at.warning:
        assert not re.search(r"(?<!\\)[\[\]<>!*_#]|https?:|www\.", re.sub("`[^`]*`", "", warning.value))


def test_a_wrong_link_is_answered_with_what_was_used_instead(visit):
    at = visit(u="9999", lr="abc", colour="red", at="x")
    warnings = "\n".join(read(warning.value) for warning in at.warning)
    assert "LSTM units = “9999”" in warnings
    assert "256 is used instead" in warnings
    assert "Learning rate = “abc”" in warnings
    assert "“colour” is no setting" in warnings
    assert at.select_slider(key="lstm_units").value == 256


def test_notes_about_a_link_and_about_too_much_go_when_they_are_dismissed_and_come_again_with_their_reason(visit):
    at = visit(u="9999", colour="red")
    assert len(at.warning) == 2
    at.button(key="link_dismiss").click().run()
    assert not at.warning
    unfolded(at).number_input(key="epochs").set_value(200).run()
    assert "too much together" in shown(at)
    at.button(key="settings_dismiss").click().run()
    assert not at.warning
    at.number_input(key="epochs").set_value(1).run()
    at.number_input(key="epochs").set_value(200).run()
    assert "too much together" in shown(at)


@pytest.mark.parametrize("spec", [ModelSpec, DataSpec, TrainSpec, ViewSpec])
def test_a_note_about_a_link_calls_a_setting_what_the_page_calls_it(visit, made, spec):
    made.known[SPEC] = finished(SPEC)
    at = unfolded(visit(**{row.key: "?" for row in knobs(spec).values()}))
    kinds = (at.toggle, at.selectbox, at.select_slider, at.slider, at.number_input, at.segmented_control)
    labels = {widget.key: widget.label for widgets in kinds for widget in widgets}
    warnings = "\n".join(read(warning.value) for warning in at.warning)
    here = labels.keys() & knobs(spec).keys()
    assert here
    for name, row in knobs(spec).items():
        assert f"{row.label} = “?”" in warnings
        assert labels.get(name, row.label).startswith(row.label)


def test_a_link_between_the_offered_sizes_is_kept(visit):
    at = unfolded(visit(u="33", lr="0.002"))
    assert at.select_slider(key="lstm_units").value == 33
    assert at.select_slider(key="learning_rate").value == 0.002
    assert not at.warning


def test_settings_that_are_too_much_together_are_lowered_and_said(visit):
    at = visit(u="256", ep="200", n="16384")
    assert "too much together" in shown(at)
    assert "Epochs = " in shown(at)


def test_the_angle_is_labelled_by_its_rule(visit):
    assert "whether the two match" in visit(r="match").slider(key="mixing_deg").label
    assert "other tweet" in visit().slider(key="mixing_deg").label


def test_the_merge_kind_is_asked_only_while_connected(visit):
    at = unfolded(visit(m="add"))
    assert at.selectbox(key="merge_kind").value == "add"
    assert at.toggle(key="concatenate").label == "Add"
    at.toggle(key="concatenate").set_value(False).run()
    assert not [box for box in at.selectbox if box.key == "merge_kind"]
    at.toggle(key="concatenate").set_value(True).run()
    assert link(at)["m"] == "add"


@pytest.mark.parametrize("merge", ["none", "concatenate", "add", "multiply"])
def test_plot_model_is_shown_with_the_paths_that_do_not_exist(visit, merge):
    at = visit(m=merge, draw="layers")
    assert not at.exception
    said = "never sees" in "\n".join(its.value for its in at.markdown if "plot_model" in its.value)
    assert said == (merge == "none")


def test_what_training_changes_is_one_click_away_in_picture_words_and_table_and_in_the_link(visit):
    at = visit(m="none")
    at.segmented_control(key="drawing").set_value("training").run()
    assert link(at)["draw"] == "training"
    assert at.subheader[0].value == "The two losses meet only in shared_lstm"
    assert "Loss 2 may change shared_lstm and predictions2. It cannot change predictions1" in shown(at)
    (chart,) = at.get("graphviz_chart")
    assert "changed by loss 1 and loss 2" in chart.proto.spec
    assert "Loss 1 may change shared_lstm" in chart.proto.alt
    cut = visit(m="none", draw="training", det="predictions1")
    assert cut.subheader[0].value == "No layer is changed by more than one loss"
    assert "way back cut" in cut.get("graphviz_chart")[0].proto.spec


def test_both_cases_stand_side_by_side(visit):
    at = visit(draw="cases")
    first, second = at.get("graphviz_chart")
    assert "merged_vector" in first.proto.spec
    assert "merged_vector" not in second.proto.spec


def test_the_code_is_first_the_lines_that_make_the_model_then_whole_programs_on_demand(visit):
    lines = visit(draw="code", m="none").code[0].value.splitlines()
    assert 7 <= len(lines) <= 8
    assert lines[-2].startswith("predictions2 = ")
    assert lines[-2].endswith("(encoded_b)")


@pytest.mark.parametrize(
    "page", ["walkthrough", "sharing", "compare", "inspect_model", "questions", "teachers", "glossary"]
)
def test_settings_survive_a_visit_to_another_page(visit, page):
    at = visit(u="64", mix="30")
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    at.switch_page("pages/playground.py").run()
    assert at.select_slider(key="lstm_units").value == 64
    assert at.slider(key="mixing_deg").value == 30
    assert link(at)["u"] == "64"


def test_the_link_chooses_the_language_of_the_page_and_of_what_it_says_about_the_link(visit):
    at = visit(lang="qps", u="9999")
    assert at.title[0].value.startswith("⟦")
    assert at.warning[0].value.startswith("⟦")
    assert not visit().title[0].value.startswith("⟦")
