"""What a person reads on a page, out of an AppTest."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest


def written(at: AppTest) -> str:
    """All texts on the main part of the page, in Markdown."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "error")
    return "\n".join(str(element.value) for kind in kinds for element in at.get(kind))


def shown(at: AppTest) -> str:
    """All the words on the main part of the page."""
    return read(written(at))


def read(markdown: str) -> str:
    """Markdown with its escaped marks as a reader sees them, and without the way from terms to Words."""
    markdown = re.sub(r"\[([^\]]*)\]\(glossary#\w+\)", r"\1", markdown)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def component(at: AppTest, name: str) -> dict[str, Any]:
    """What a component of the page was given to show: "picture", "tweets", "answers"."""
    protos = [element.proto for element in at.get("bidi_component")]
    told = (proto.bytes or proto.json for proto in protos if proto.component_name == name)
    return dict(json.loads(next(told)))


def arrows(at: AppTest) -> set[str]:
    """The arrows of the large picture, as "source->target"."""
    return {f"{wire['source']}->{wire['target']}" for wire in component(at, "picture")["picture"]["wires"]}


def link(at: AppTest) -> dict[str, str]:
    """The query in the address bar, once the browser has put it there."""
    return dict(parse_qsl(component(at, "repairs")["link"]))


def unfolded(at: AppTest) -> AppTest:
    """The playground with its settings under More, which are not made before somebody looks."""
    at.session_state["more"] = True
    return at.run()
