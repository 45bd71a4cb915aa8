"""The response to a disturbed tweet: flat to the last bit where no path leads, and said so in every part."""

import pytest

from mtl_core.figures.response import exhibit, heading
from mtl_core.palette import LIGHT
from tests.mtl_core.figures.made_exhibits import CASE1, CASE2, curve, drawn, words
from tests.mtl_core.made_runs import LEVELS, bounds_for, paths_of, response_of, run_of


def shown(spec, perturbation="permute"):
    return exhibit(response_of(spec, perturbation), paths_of(spec), bounds_for(spec))


def test_without_a_path_the_other_tweet_changes_nothing_in_any_part():
    made = shown(CASE2)
    assert made.heading == "Disturb a head’s other tweet, and nothing happens to it"
    assert "head 1 does not change by one bit: no path exists" in made.reading
    assert "head 2 does not change by one bit: no path exists" in made.reading
    for part, other in enumerate(("tweet_b", "tweet_a")):
        figure = drawn(made, part)
        assert words(figure).count("0: no path exists") == 1
        assert sum(trace.get("fill") == "toself" for trace in figure["data"]) == 1  # the own tweet's band
        rows = [r for r in made.rows() if r["head"] == f"head {part + 1}" and r["disturbed"] == other]
        assert {row["loss (nats)"] for row in rows} == set(curve(figure, other)["y"]) == {0.25}


def test_with_a_path_the_rise_is_in_every_part():
    made = shown(CASE1)
    assert made.heading == "Disturb a tweet, and see which head suffers"
    assert (
        "head 1’s loss goes from 0.250 to 1.25 nats, and it is right on 71 in 100 instead of 91 in 100" in made.reading
    )
    assert "they don’t cover the choice of the pairs" in made.reading
    assert "no path" not in made.reading + "".join(words(drawn(made)))
    assert len(made.rows()) == 2 * 2 * len(LEVELS)
    last = made.rows()[-1]
    assert last == {
        "head": "head 2",
        "disturbed": "tweet_b",
        "level": "1",
        "loss (nats)": curve(drawn(made, 1), "tweet_b")["y"][-1],
        "from": pytest.approx(1.23),
        "to": pytest.approx(1.27),
        "right": pytest.approx(0.71),
    }


def test_another_trained_model_is_a_line_of_its_right_answers():
    made = exhibit(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), plain=True, beside=run_of(CASE2))
    assert "case 2, as trained" in words(drawn(made))
    (line,) = drawn(made)["layout"]["shapes"]
    assert (line["y0"], line["line"]["dash"]) == (pytest.approx(90), "dash")
    assert drawn(exhibit(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), plain=True))["layout"]["shapes"] == []


def test_the_other_tweet_is_in_front():
    for part, (own, other) in enumerate((("tweet_a", "tweet_b"), ("tweet_b", "tweet_a"))):
        figure = drawn(shown(CASE1), part)
        assert figure["data"].index(curve(figure, other)) > figure["data"].index(curve(figure, own))
        assert curve(figure, other)["line"]["width"] > curve(figure, own)["line"]["width"]


@pytest.mark.parametrize("plain", [True, False])
def test_a_head_keeps_the_colour_of_what_it_reads_whichever_tweet_is_disturbed_and_a_case_keeps_its_stroke(plain):
    for spec, dash in ((CASE1, "solid"), (CASE2, "dash")):
        made = exhibit(response_of(spec), paths_of(spec), bounds_for(spec), plain=plain)
        for part, own in enumerate(("tweet_a", "tweet_b")):
            lines = [curve(drawn(made, part), name)["line"] for name in ("tweet_a", "tweet_b")]
            assert {line["color"] for line in lines} == {LIGHT.ink if spec is CASE1 else LIGHT.line[own]}
            assert {line["dash"] for line in lines} == {dash}


def test_each_head_is_drawn_with_its_own_numbers():
    response = response_of(CASE1)
    response.loss[1] += 0.1
    first, second = exhibit(response, paths_of(CASE1), bounds_for(CASE1)).draw(LIGHT).values()
    assert curve(first, "tweet_a")["y"] == pytest.approx(list(response.loss[0, 0]))
    assert curve(second, "tweet_a")["y"] == pytest.approx(list(response.loss[1, 0]))


@pytest.mark.parametrize(
    ("perturbation", "axis", "words_of_it"),
    [
        ("permute", "pairs given another’s tweet", "gets another pair’s tweet_b"),
        ("noise", "noise, as a share of the tweet’s sd", "noise as large as tweet_b itself"),
        ("fade", "share of the tweet faded out", "tweet_b is faded out completely"),
    ],
)
def test_axis_and_reading_name_the_disturbance(perturbation, axis, words_of_it):
    made = shown(CASE1, perturbation)
    assert drawn(made)["layout"]["xaxis"]["title"]["text"] == axis
    assert words_of_it in made.reading


def test_fading_has_no_interval_because_nothing_is_drawn_at_random():
    assert "interval" not in shown(CASE1, "fade").reading
    assert "interval" in shown(CASE1, "noise").reading


@pytest.mark.parametrize("perturbation", ["permute", "noise", "fade"])
def test_the_rows_are_said_whatever_the_disturbance(perturbation):
    assert "2,048 unseen pairs" in shown(CASE1, perturbation).reading


def test_the_heading_is_known_before_anything_is_measured():
    assert heading(paths_of(CASE1)) == shown(CASE1).heading
