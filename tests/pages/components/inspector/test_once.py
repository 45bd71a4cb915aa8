"""What was made for a model is shown again until another model, choice or language is asked for."""

from types import SimpleNamespace

import pytest

from mtl_core.graph import ModelFileError
from mtl_core.language import speaking
from pages.components.inspector import once as module
from pages.components.inspector.once import once


@pytest.fixture
def made(monkeypatch):
    """What was made so far, in a session that begins empty."""
    monkeypatch.setattr(module, "st", SimpleNamespace(session_state={}))
    return []


@pytest.mark.parametrize(
    ("kind", "of", "language"),
    [("words", "a", "en"), ("drawing", "a", "en"), ("words", "b", "en"), ("words", "a", "qps")],
)
def test_it_is_made_anew_for_another_kind_model_or_language_only(kind, of, language, made):
    with speaking("en"):
        first = once("words", "a", lambda: made.append("first") or "first")
    with speaking(language):
        second = once(kind, of, lambda: made.append("second") or "second")
    same = (kind, of, language) == ("words", "a", "en")
    assert (first, second) == ("first", "first" if same else "second")
    assert made == (["first"] if same else ["first", "second"])


def test_nobody_waits_twice_for_what_takes_too_long(made):
    def slow():
        made.append("")
        raise ModelFileError("It takes longer.")

    for _look in range(2):
        with pytest.raises(ModelFileError, match="It takes longer"):
            once("words", "a", slow)
    assert len(made) == 1
