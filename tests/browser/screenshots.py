"""Takes the pictures of the README, and on request of every page, from the running app.

`make screenshots` starts the app with a store of its own, trains what the pictures show, and writes optimised PNGs to
assets/images/. `python -m tests.browser.screenshots --out DIR --all` takes every page in four variants instead: desktop and
phone, light and dark.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.browser.server import ROOT, Server
from tests.browser.visit import PAGES, SIZES, THEMES, Visitor, chromium

__all__ = ["main"]

IMAGES = ROOT / "assets" / "images"


@dataclass(frozen=True)
class Shot:
    """A picture: its file name, the link it shows, and what is done first."""

    name: str
    path: str
    size: str = "desktop"
    theme: str = "light"
    first: Callable[[Visitor], None] = lambda _: None
    whole: bool = False


def _train(visitor: Visitor) -> None:
    visitor.train()


def _response(visitor: Visitor) -> None:
    visitor.train()
    visitor.block("choose_chart").evaluate("block => block.scrollIntoView()")


README = (
    Shot("playground-case1-light", "/", first=_train),
    Shot("playground-case1-dark", "/", theme="dark"),
    Shot("playground-case2-light", "/?m=none", first=_train),
    Shot("playground-phone", "/", size="phone"),
    Shot("response-light", "/?m=none&fig=disturb", first=_response),
    Shot("both-cases-dark", "/?draw=cases", theme="dark"),
    Shot("walkthrough-light", "/walkthrough"),
    Shot("inspect-light", "/inspect_model"),
    Shot("sharing-light", "/sharing"),
)


def _every_page(paths: list[str]) -> Iterator[Shot]:
    for path in paths:
        for size in SIZES:
            for theme in THEMES:
                name = path.strip("/").replace("?", "-").replace("&", "-").replace("=", "-") or "playground"
                yield Shot(f"{name}-{size}-{theme}", path, size, theme, whole=True)


def _taken(visitor: Visitor, *, whole: bool) -> bytes:
    if whole:
        visitor.grow()
    # Away from what was pressed, whose help would cover a part.
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.mouse.move(SIZES["phone"]["width"] - 90, 5)
    visitor.page.locator('[role="tooltip"], [data-testid="stTooltipContent"]').first.wait_for(state="hidden")
    return visitor.page.screenshot(animations="disabled")


def _optimised(png: bytes) -> bytes:
    """At most 256 colours: a third of the size, and no difference to see in a page of flat colours."""
    small = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return min(png, small.getvalue(), key=len)


def take(url: str, shots: list[Shot], folder: Path) -> None:
    """Take pictures of the app at `url`."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as windows:
        for shot in shots:
            with windows.visitors(url) as visit:
                visitor = visit(shot.path, theme=shot.theme, size=shot.size)
                shot.first(visitor)
                file = folder / f"{shot.name}.png"
                file.write_bytes(_optimised(_taken(visitor, whole=shot.whole)))
                print(file, f"{file.stat().st_size / 1000:.0f} kB", *visitor.complaints, sep="\n    ")


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, default=IMAGES, help="folder for the pictures")
    options.add_argument("--all", action="store_true", help="every page in four variants, from top to bottom")
    options.add_argument("--path", nargs="*", default=list(PAGES), help="with --all: these links only")
    options.add_argument("--url", help="of an app that runs already")
    asked = options.parse_args()
    shots = list(_every_page(asked.path)) if asked.all else list(README)
    if asked.url:
        take(asked.url, shots, asked.out)
        return
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        take(server.url, shots, asked.out)


if __name__ == "__main__":
    main()
