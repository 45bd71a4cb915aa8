"""HTML files that need nothing else: no network, no server, plotly.js inside; from the templates in `assets/templates`.

Jinja2 escapes every text; figures travel as JSON that cannot end its own script element; and a file states in its content
security policy that it may load nothing, so a reader need not trust it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from mtl_core.figures.exhibit import CONFIG
from mtl_core.figures.numbers import number
from mtl_core.language import _, unlinked
from mtl_core.palette import LIGHT

__all__ = ["render"]

TEMPLATES = Path(__file__).parents[2] / "assets" / "templates"


def render(template: str, **values: Any) -> str:
    """An HTML document.

    Parameters
    ----------
    template : str
        File in `assets/templates`.
    values
        What it speaks about; texts are escaped, and what stands in backticks is code where the template says so.
    """
    return _environment().get_template(template).render(**values)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False}
    environment.globals |= {"_": _, "config": dict(CONFIG), "light": LIGHT, "plotly": _plotly}
    environment.filters |= {"cell": _cell, "code": _code, "columns": _columns}
    return environment


def _plotly() -> Markup:
    from plotly.offline import get_plotlyjs  # half a second to import and 5 MB, which only a download needs

    return Markup(get_plotlyjs())


def _code(text: str) -> Markup:
    """Escaped, with what stands in backticks as code, and of links to the app's own pages the words alone."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(unlinked(text)))))


def _cell(value: object) -> str:
    """What a table shows of a value: a measured number with three significant digits, a count exactly."""
    return number(value) if isinstance(value, float) else str(value)


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The titles of all columns that any row has, in order."""
    return list(dict.fromkeys(title for row in rows for title in row))
