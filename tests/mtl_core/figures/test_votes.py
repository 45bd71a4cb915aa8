"""Both votes of a class side by side: the share that was right before and after talking, and nothing given away before."""

from mtl_core.figures import votes
from mtl_core.palette import DARK, LIGHT

CHOICES = ["A. Yes", "B. No", "C. Both"]


def test_the_heading_says_what_talking_has_changed_once_the_answer_is_shown():
    told = votes.exhibit(CHOICES, (6, 3, 1), (1, 9, 0), right=1)
    assert told.heading == "Of the class, 30 % predicted what is right, and 90 % after talking"
    assert told.reading.endswith("Second vote of 10 people: A 10 %, B 90 %, C 0 %.")
    assert [*told.draw(LIGHT)] == ["First vote", "Second vote"]
    assert [(row["First vote"], row["Second vote"]) for row in told.rows()] == [(6, 1), (3, 9), (1, 0)]


def test_before_the_reveal_nothing_in_a_chart_tells_which_choice_is_right():
    hidden = votes.exhibit(CHOICES, (6, 3, 1), None, right=None)
    (figure,) = hidden.draw(DARK).values()
    assert len(set(figure["data"][0]["marker"]["color"])) == 1
    assert "right" not in hidden.heading + hidden.reading + str(figure)


def test_the_right_choice_is_marked_by_a_word_and_not_by_colour_alone():
    (figure,) = votes.exhibit(CHOICES, (6, 3, 1), None, right=1).draw(LIGHT).values()
    assert [", right" in text for text in figure["data"][0]["text"]] == [False, True, False]
