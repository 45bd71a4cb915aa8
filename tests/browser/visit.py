"""What a visitor does in a browser, in the words of the page: open, toggle, press, choose, and wait until it has settled.

Nothing here waits for a time. Whether the server has answered is read off the wire (see `wire`). Then the page itself says
when that is on screen: Streamlit marks the app as running and elements as stale, and a graph or a chart that is still
being drawn is an empty box.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    TimeoutError,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.wire import PATIENCE, Wire

__all__ = ["PAGES", "PATIENCE", "SIZES", "THEMES", "Visit", "Visitor", "Windows", "chromium", "program"]

SIZES: dict[str, ViewportSize] = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
PAGES = ("/", "/walkthrough", "/quiz", "/sharing", "/compare", "/inspect_model", "/questions", "/teachers", "/glossary")

Visit = Callable[..., "Visitor"]

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # Tabs of a window share what was compiled, too, which is half the work of opening a page.
    "--process-per-site",
]

_SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning"
        && document.querySelector('[data-testid="stMain"] h1')
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
        && [...document.querySelectorAll('[data-testid="stGraphVizChart"]')].every(box => box.querySelector("svg g.graph"))
        && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(box => box.querySelector(".main-svg"))
        && [...document.querySelectorAll(".st-key-picture")].every(
            box => [...box.querySelectorAll("*")].some(node => node.shadowRoot?.querySelector("g.node")));
}"""

_WEARS = """theme => {
    const [, red, green, blue] = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor.match(/(\\d+), (\\d+), (\\d+)/);
    return (Number(red) + Number(green) + Number(blue) > 3 * 128) === (theme === "light");
}"""

_CURVES = """chart => Object.fromEntries(chart.querySelector(".js-plotly-plot")._fullData
    .filter(trace => trace.visible === true && trace.name)
    .map(trace => [trace.name, Array.from(trace.y ?? [])]))"""

_TOO_WIDE = """() => {
    const scrolls = node => node && node !== document.body
        && (["auto", "scroll"].includes(getComputedStyle(node).overflowX)
            && node.dataset.testid !== "stMain" || scrolls(node.parentElement));
    // What only a screen reader meets is clipped to one pixel.
    const clipped = node => node && (node.clientWidth <= 1 && getComputedStyle(node).overflowX === "hidden" || clipped(node.parentElement));
    const name = node => `<${node.tagName.toLowerCase()} class="${node.getAttribute("class") ?? ""}"> `
        + `reaches ${Math.round(node.getBoundingClientRect().right)} px: ${node.textContent.trim().slice(0, 60)}`;
    const main = document.querySelector('[data-testid="stMain"]');
    const wide = [document.documentElement, main].filter(node => node.scrollWidth > node.clientWidth);
    const out = [...main.querySelectorAll("*")].filter(node =>
        node.checkVisibility({visibilityProperty: true}) && node.getBoundingClientRect().right > innerWidth + 1
        && node.getBoundingClientRect().width > 1 && !scrolls(node.parentElement) && !clipped(node.parentElement));
    return [...wide, ...out].map(name);
}"""


_TOO_LONG = """() => {
    const long = []
    for (const block of document.querySelectorAll('[data-testid="stMain"] :is(p, li)')) {
        const lines = new Map(), walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), range = document.createRange()
        while (walker.nextNode()) for (let i = 0; i < walker.currentNode.length; i++) {
            range.setStart(walker.currentNode, i)
            range.setEnd(walker.currentNode, i + 1)
            const {top, bottom, width} = range.getBoundingClientRect(), place = Math.round((top + bottom) / 12)
            if (width) lines.set(place, (lines.get(place) ?? "") + walker.currentNode.data[i])
        }
        long.push(...[...lines.values()].map(line => line.trim()).filter(line => line.length > 75))
    }
    return long
}"""


_REFLOW = 10_000
"""Milliseconds that a page may take to find its new form."""

expect.set_options(timeout=PATIENCE)


def program() -> str | None:
    """The system's Chromium; None where there is only Playwright's own."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


@contextmanager
def chromium() -> Iterator[Windows]:
    """The system's Chromium, the one without a window if there is a choice, which takes less; else Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=_ARGUMENTS)
        yield Windows(browser)
        browser.close()


class Windows:
    """A browser with one window a theme and size, whose tabs share what was loaded: only the first one fetches the front end."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._windows: dict[tuple[str, str], BrowserContext] = {}

    @contextmanager
    def visitors(self, url: str) -> Iterator[Visit]:
        """A way to open the app at `url` as ever new visitors, who all leave at the end.

        Yields
        ------
        callable
            `visit("/glossary?lang=qps", theme="dark", size="phone")` opens a path and waits until the page has settled.
        """
        tabs: list[Page] = []
        windows: list[BrowserContext] = []

        def visit(path: str = "/", *, theme: str = "light", size: str = "desktop", own_window: bool = False) -> Visitor:
            if own_window:  # with cookies of its own, as another person's
                windows.append(self._new(theme, size))
            tabs.append((windows[-1] if own_window else self._window(theme, size, url)).new_page())
            visitor = Visitor(tabs[-1], url)
            visitor.open(path)
            return visitor

        try:
            yield visit
        finally:
            for each in (*tabs, *windows):
                each.close()

    @contextmanager
    def newcomer(self) -> Iterator[Page]:
        """A tab of a browser that has never been anywhere: whatever it needs, it must fetch."""
        with self._browser.new_context(viewport=SIZES["desktop"]) as window:
            window.set_default_timeout(PATIENCE)
            yield window.new_page()

    def _window(self, theme: str, size: str, url: str) -> BrowserContext:
        if (theme, size) not in self._windows:
            self._windows[theme, size] = self._new(theme, size)
            # A tab that stays: with the last one of a site, the browser would forget what it compiled for it.
            self._windows[theme, size].new_page().goto(f"{url}/_stcore/health")
        return self._windows[theme, size]

    def _new(self, theme: str, size: str) -> BrowserContext:
        window = self._browser.new_context(
            viewport=SIZES[size], color_scheme=theme, has_touch=size == "phone", reduced_motion="reduce"
        )
        window.set_default_timeout(PATIENCE)
        return window


class Visitor:
    """Somebody in front of one page of the app.

    Parameters
    ----------
    page : Page
        A fresh tab.
    url : str
        Where the app is.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        """What the browser's console called an error, and every exception that nothing caught."""
        self._url = url
        self._wire = Wire(page)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    # Reading.

    @property
    def address(self) -> str:
        """The address bar. `page.url` lags behind a page that rewrites its own query."""
        return str(self.page.evaluate("location.href"))

    @property
    def query(self) -> dict[str, str]:
        """The state that the address bar names."""
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))

    def block(self, key: str) -> Locator:
        """A part of the page by its key: "graph", "training", "learning", "disturb"."""
        # While a script runs, Streamlit keeps what it replaces, hidden.
        return self.page.locator(f".st-key-{key}:not([data-retained] *, [data-retained])")

    def edges(self, key: str = "graph") -> set[str]:
        """The arrows of a drawn graph, as Graphviz names them."""
        titles = self.block(key).locator("g.edge > title")
        return {text.replace("\u200b", "") for text in titles.all_text_contents()}

    def leads(self, start: str, end: str, key: str = "graph") -> bool:
        """Whether the drawn arrows lead from one box to another; a tie between two calls of a layer is no arrow."""
        arrows = [edge.split("->") for edge in self.edges(key) if "weights of" not in edge]
        reached, before = {start}, set[str]()
        while reached != before:
            before, reached = reached, reached | {to for source, to in arrows if source in reached}
        return end in reached

    def lit(self, key: str = "graph") -> set[str]:
        """The calls of a drawn graph whose outline is whole: what a choice leaves out is dashed."""
        titles = self.block(key).locator("g.node:not(:has([stroke-dasharray])) > title")
        # A note about shared weights is no call; its name begins with a dash.
        return {name for text in titles.all_text_contents() if not (name := text.replace("\u200b", "")).startswith("-")}

    def menu(self) -> list[str]:
        """Where the sidebar's links lead, from top to bottom."""
        links = self.page.get_by_test_id("stSidebarNavLink").all()
        return [urlsplit(link.get_attribute("href") or "").path for link in links]

    def curves(self, key: str) -> dict[str, list[float]]:
        """The lines of a chart as they are drawn: name to heights."""
        return dict(self.block(key).evaluate(_CURVES))

    def slider(self, name: str) -> Locator:
        """A slider by its label; its `aria-valuetext` is what is written on it."""
        return self.page.get_by_role("slider", name=name)

    def epochs_done(self) -> int:
        """How far the run on screen is."""
        progress = self.block("training").get_by_text(re.compile(r"Epoch \d+ of"))
        return int(progress.inner_text().split()[1])

    def violations(self, *rules: str) -> list[str]:
        """What axe-core finds wrong with the page, one element a line, by these rules; by default its own choice of them."""
        only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
        result = Axe().run(self.page, options={"resultTypes": ["violations"], **only}).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:300]}\n    {node['failureSummary']}"
            for rule in result
            for node in rule["nodes"]
        ]

    @property
    def theme(self) -> str:
        """Which theme the browser asks for."""
        return "dark" if self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"

    def too_wide(self) -> list[str]:
        """What reaches beyond the right edge of the window, but for what scrolls in a box of its own."""
        return list(self.page.evaluate(_TOO_WIDE))

    def narrow(self, size: str) -> None:
        """Make the window as narrow as a phone's, say, and wait until nothing reaches beyond its edge any more, or for a while."""
        self.page.set_viewport_size(SIZES[size])
        self.settle()
        with suppress(TimeoutError):
            self.page.wait_for_function(f"() => ({_TOO_WIDE})().length === 0", timeout=_REFLOW)

    def too_long(self) -> list[str]:
        """Lines of running text with more than 75 characters."""
        return list(self.page.evaluate(_TOO_LONG))

    # Doing.

    def open(self, path: str) -> None:
        """Go to a path of the app and wait."""
        self.page.goto(self._url + path)
        self.settle()

    def back(self) -> None:
        """Press the browser's Back."""
        with self.answered():
            self.page.go_back(wait_until="commit")

    def forward(self) -> None:
        """Press the browser's Forward."""
        with self.answered():
            self.page.go_forward(wait_until="commit")

    def reload(self) -> None:
        """Come again by the link that the address bar shows, as a new session."""
        self.page.goto("about:blank")
        self.page.go_back()
        self.settle()

    def settle(self) -> None:
        """Wait until the script has ended and everything is drawn; neither a traceback nor an apology may be on screen."""
        with self._saying("did not settle"):
            self.page.wait_for_function(_SETTLED, timeout=PATIENCE)
        sorry = self.page.get_by_test_id("stException").or_(self.page.get_by_text("Something went wrong"))
        assert not sorry.count(), f"The page at {self.address} apologises"

    def until_linked(self, **values: str | None) -> None:
        """Wait until the address bar names these values; None: it does not name that one."""
        query = (
            "Object.entries(values).every(([key, value]) => new URLSearchParams(location.search).get(key) === value)"
        )
        self.page.wait_for_function(f"values => {query}", arg=values, timeout=PATIENCE)

    def wear(self, theme: str) -> None:
        """See the same page in another theme, as when the system changes its own."""
        if theme == self.theme:
            return
        with self.answered():
            self.page.emulate_media(color_scheme=theme)
        self.page.wait_for_function(_WEARS, arg=theme, timeout=PATIENCE)

    def grow(self) -> None:
        """Make the window as tall as the page: Streamlit scrolls a box within it, which a picture would cut."""
        tall = self.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
        size = self.page.viewport_size or SIZES["desktop"]
        self.page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
        self.settle()

    def go(self, name: str) -> None:
        """Follow a link of the sidebar."""
        with self.answered():
            self.page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()

    def turn_to(self, path: str) -> None:
        """Follow the sidebar's link to a page, in whatever language."""
        with self.answered():
            self.page.get_by_test_id("stSidebarNavLink").and_(self.page.locator(f'[href$="{path}"]')).click()

    def unfold(self, name: str) -> None:
        """Open what is folded away."""
        self.page.get_by_test_id("stExpander").filter(has_text=name).first.locator("summary").click()
        self.settle()

    def toggle(self, name: str, on: bool) -> None:
        """Set a switch."""
        switch = self.page.get_by_role("switch", name=name, exact=True)
        if switch.is_checked() != on:
            with self.answered():
                # The input itself is invisible; its label takes the click, as from a finger.
                self.page.locator("label", has=switch).click()

    def press(self, name: str) -> None:
        """Press a button."""
        with self.answered():
            self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        """Choose one of a row of options."""
        with self.answered():
            self.page.get_by_role("radio", name=name, exact=True).click()

    def move(self, slider: str, key: str) -> None:
        """Move a slider by a key: "Home" to its left end, "ArrowRight" by a step."""
        with self.answered():
            self.slider(slider).press(key)

    def drag_to_end(self, slider: str) -> None:
        """Take a slider by the mouse and drop it beyond its right end."""
        thumb, track = (
            self.slider(slider).locator("xpath=../.."),
            self.page.get_by_test_id("stSlider").filter(has=self.slider(slider)),
        )
        track.scroll_into_view_if_needed()
        start, whole = thumb.bounding_box(), track.bounding_box()
        assert start is not None
        assert whole is not None
        with self.answered():
            self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
            self.page.mouse.down()
            self.page.mouse.move(whole["x"] + whole["width"] + 5, start["y"], steps=5)
            self.page.mouse.up()

    def train(self) -> None:
        """Press Train and wait for the end of the run and of all measurements."""
        self.begin()
        self.rest()

    def begin(self) -> None:
        """Press Train."""
        with self.answered():
            self.block("train").get_by_role("button").click()

    def rest(self) -> None:
        """Wait until nothing on the page changes by itself any more."""
        with self._saying("did not come to rest"):
            self._wire.rest()
        self.settle()

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Wait until the server has answered what is done inside, and until that is on screen."""
        with self._saying("did not answer"), self._wire.answered():
            yield
        self.settle()

    @contextmanager
    def _saying(self, problem: str) -> Iterator[None]:
        """Show what was on screen when patience ended."""
        try:
            yield
        except TimeoutError as error:
            text = self.page.locator("body").inner_text()
            raise AssertionError(f"The page at {self.address} {problem}; it says:\n{text[:3000]}") from error

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)
