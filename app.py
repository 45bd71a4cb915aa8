"""What does `concatenate` do in a multi-task Keras model? The way in: workers, state, navigation.

`streamlit run app.py` finds the `st.App` below. Its lifespan starts the workers before any browser comes. The same file is the
script of every session; imported without a session it only declares the pages, so that a first request to a sub-page finds them.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mtl_core.jobs.runs import shared
from mtl_core.language import _, language_from, speaking
from pages.components import server
from pages.components.shell import browser, footer, heartbeat, menu, notes, repairs, share, state, ticks
from pages.components.shell.in_turn import in_turn

GC_SECONDS = 30.0  # Streamlit's own collection after every run is off (see config.toml); this takes its place.
# In between, young objects are looked through every click or two, for 7 ms where 150 visitors are at work, and not twenty times a click.
GC_THRESHOLDS = 5_000, 20, 20


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the workers with the server, and end them with it."""
    server.raise_limit()
    server.throttle()
    gc.collect()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.freeze()  # What was imported stays: looking through it for garbage would stop everybody for a tenth of a second.
    ended = threading.Event()
    threading.Thread(target=_collect, args=(ended,), name="gc", daemon=True).start()
    shared().start()
    try:
        yield
    finally:
        ended.set()
        shared().close()


def _collect(ended: threading.Event) -> None:
    while not ended.wait(GC_SECONDS):
        gc.collect()


def _say_sorry(_error: Exception) -> bool:
    """A sentence instead of a traceback; Streamlit logs the error itself."""
    st.error(
        _(
            "Something went wrong while drawing this page; the log has the details. Reload to try again. Your link is kept."
        )
    )
    return True


def _language() -> str:
    in_session = get_script_run_ctx(suppress_warning=True) is not None
    return str(st.session_state.get("language", "")) if in_session else ""


@in_turn
def main() -> None:
    """One run of a session: read the link, draw the page, write the link back."""
    st.set_page_config(page_title=_("What does concatenate do?"), layout="wide")
    context = get_script_run_ctx()
    if context is not None:
        state.open_link(history=context.is_history_navigation, page=context.page_script_hash)
    page = st.navigation(
        menu.pages(st.session_state.language), position="hidden" if st.session_state.presenter else "sidebar"
    )
    if st.session_state.presenter and page.url_path != "walkthrough":
        # Only the lesson can be presented, and only there is the switch: who leaves it gets the menu back.
        st.session_state.presenter = False
        st.rerun()
    st.session_state.page_path = page.url_path
    share.begin()
    # Looked up once, and not for each of some five hundred sentences.
    with speaking(st.session_state.language):
        notes.show(state.link_notes(), "link")
        page.run()
        share.show()
        footer.show()
    heartbeat.show()
    state.write_link()
    repairs.show(state.arrival())


app = st.App(
    __file__,
    lifespan=lifespan,
    on_script_error=_say_sorry,
    middleware=[
        Middleware(server.KeptFiles),
        Middleware(browser.Named),
        Middleware(ticks.IdleTicks),
        *server.middleware(),
    ],
)
language_from(_language)

if get_script_run_ctx(suppress_warning=True) is None:
    st.navigation(menu.pages(""))
else:
    ticks.page_comes()
    main()
