"""What a component is given to show arrives as it was."""

import json

import pytest

from pages.components.shell.payload import payload


@pytest.mark.parametrize("text", ["“wörd” → 1", "\ud83d", "\0"])
def test_any_text_that_a_visitor_typed_reaches_the_browser(text):
    assert json.loads(payload({"note": text}).decode()) == {"note": text}


def test_what_a_browser_could_not_read_is_not_sent():
    with pytest.raises(ValueError, match="not JSON compliant"):
        payload({"p": float("nan")})
