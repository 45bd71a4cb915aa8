"""HTML files that need nothing else: no network, no server, plotly.js inside.

A file states in its content security policy that it may load nothing, so a reader need not trust it. Texts are escaped,
figures travel as JSON that cannot end its own script element, and a drawing is an image, in which scripts do not run.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["chart", "drawing", "page", "prose", "table"]


def page(title: str, *parts: str) -> str:
    """A whole document around `parts`, which are HTML."""
    from plotly.offline import get_plotlyjs  # half a second to import and 5 MB, which only a download needs

    return _PAGE.format(
        title=html.escape(title), style=_STYLE, plotly=get_plotlyjs(), body="\n".join(parts), draw=_DRAW
    )


def chart(wide: Mapping[str, Any], narrow: Mapping[str, Any] | None = None, *, alt: str) -> str:
    """An interactive figure; `narrow` is drawn where there is less than 560 pixels of width, `alt` is read aloud."""
    figures = json.dumps({"wide": wide, "narrow": narrow or wide}, allow_nan=False).replace("<", "\\u003c")
    return (
        f'<div class="chart" role="img" aria-label="{html.escape(alt)}"></div>'
        f'<script type="application/json">{figures}</script>'
    )


def drawing(svg: str, *, alt: str) -> str:
    """An SVG as an image."""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img class="drawing" src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}">'


def prose(text: str) -> str:
    """A paragraph; what stands in backticks is code."""
    return f"<p>{_inline(text)}</p>"


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as a table under the titles of all their columns."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    head = "".join(f'<th scope="col">{_inline(title)}</th>' for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(str(row.get(title, '')))}</td>" for title in titles) + "</tr>\n" for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>'
    )


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: #fff; color: #1b1f24;
       font: 1rem/1.55 "Source Sans", "Source Sans Pro", system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
p { max-width: 46rem; } code, pre { font-family: "Source Code Pro", ui-monospace, monospace; font-size: 0.9em; }
pre { overflow-x: auto; padding: 1rem; background: #f3f5f7; border-radius: 6px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e3e7eb; }
td:first-child { white-space: nowrap; } .drawing { max-width: 100%; } summary { cursor: pointer; } a { color: #005a9c; }
"""

_DRAW = """
const small = matchMedia("(max-width: 560px)");
function draw() {
  for (const place of document.querySelectorAll(".chart")) {
    const { wide, narrow } = JSON.parse(place.nextElementSibling.textContent);
    const figure = small.matches ? narrow : wide;
    Plotly.react(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
}
small.addEventListener("change", draw);
draw();
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; \
style-src 'unsafe-inline'; img-src data: blob:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<script>{plotly}</script>
</head>
<body>
<main>
{body}
</main>
<script>{draw}</script>
</body>
</html>
"""
