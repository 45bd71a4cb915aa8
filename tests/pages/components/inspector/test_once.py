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
    ("kind", "of", "language", "anew"),
    [
        ("words", "a", "en", False),
        ("drawing", "a", "en", True),
        ("words", "b", "en", True),
        ("words", "a", "qps", True),
    ],
)
def test_it_is_made_anew_for_another_kind_model_or_language_only(kind, of, language, anew, made):
    with speaking("en"):
        once("words", "a", lambda: made.append("first") or "first")
    with speaking(language):
        told = once(kind, of, lambda: made.append("second") or "second")
    assert told == made[-1] == ("second" if anew else "first")


def test_nobody_waits_twice_for_what_takes_too_long(made):
    def slow():
        made.append("")
        raise ModelFileError("It takes longer.")

    for _look in range(2):
        with pytest.raises(ModelFileError, match="It takes longer"):
            once("words", "a", slow)
    assert len(made) == 1
