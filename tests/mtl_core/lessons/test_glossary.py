"""The glossary explains the words that pages use, each with a source that can be looked up."""

from mtl_core.lessons.glossary import GLOSSARY


def test_the_words_of_the_app_are_explained():
    plain = {term.plain for term in GLOSSARY.values()}
    assert {
        "best possible with both tweets",
        "cost of shuffling",
        "what each head can read",
        "multi-task learning",
        "log odds",
        "nats",
        "epoch",
        "merge",
        "head",
        "encoder",
        "concatenate",
    } <= plain
    formal = " ".join(term.formal for term in GLOSSARY.values())
    for word in (
        "Bayes risk",
        "permutation importance",
        "model reliance",
        "hard parameter sharing",
        "logit",
        "Jacobian",
    ):
        assert word in formal


def test_each_word_has_one_definition_of_a_few_lines():
    definitions = [term.definition for term in GLOSSARY.values()]
    assert len(set(definitions)) == len(definitions)
    assert all(20 < len(text) < 320 and text.endswith(".") for text in definitions)


def test_claims_about_learning_cite_somebody():
    for key in ("multi_task", "sharing", "shuffling", "best_possible", "worth", "nats", "jacobian"):
        assert GLOSSARY[key].source
