"""The walkthrough ends with the answer to its first question, and with what the learner had predicted."""

from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.lessons.ending import ANSWER, predictions
from mtl_core.lessons.walkthrough import STEPS, commit, questions

ALL = [question for step in STEPS for question in step.questions]


def test_the_answer_says_of_both_models_what_their_graphs_say():
    case1, case2 = (CallGraph.from_json(load_example(name)) for name in ("case1", "case2"))
    assert "Both models are multi-task" in ANSWER[0]
    assert all(len(graph.outputs) == 2 for graph in (case1, case2))
    assert "In case 1 each head may use both tweets" in ANSWER[1]
    assert all(case1.dependence().values())
    assert "In case 2 head 1 never sees tweet_b" in ANSWER[1]
    assert case2.status("predictions1", "tweet_b") == case2.status("predictions2", "tweet_a") == "cannot"
    assert "Both losses change its weights, in case 1 and in case 2" in ANSWER[2]
    for graph in (case1, case2):
        for tweet, head in (("tweet_a", "predictions1"), ("tweet_b", "predictions2")):
            assert "shared_lstm" in {call.layer for call in graph.calls_between(tweet, head)}


def test_every_question_is_listed_with_what_was_predicted_and_what_was_seen():
    answers = ""
    for number, question in enumerate(ALL):
        if number != 1:
            answers = commit(answers, number, question.right if number % 2 else (question.right + 1) % 3)
    made = list(predictions(answers))
    assert [each.question for each in made] == [question.text for question in ALL]
    assert [each.step for each in made] == [n for n, step in enumerate(STEPS, start=1) for _ in questions(step)]
    assert made[1].predicted == ""
    assert not made[1].right
    assert [each.right for each in made[2:]] == [bool(number % 2) for number in range(2, len(ALL))]
    assert all(each.seen == question.choices[question.right].text for each, question in zip(made, ALL, strict=True))


def test_a_later_try_does_not_make_a_prediction_right():
    question = ALL[0]
    answers = commit(commit("", 0, (question.right + 1) % 3), 0, question.right)
    assert not next(predictions(answers)).right
