"""Which model is inspected: an example, or the visitor's own, of which only the architecture is read and kept.

What is kept is the architecture's JSON, compressed, in this session's memory: no file, no store, no link has it. The
upload itself is let go as soon as it was read.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import streamlit as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.file import config_of_file, config_of_json
from mtl_core.graph.config.untrusted import shown
from mtl_core.inspect.examples import EXAMPLES, load_example
from mtl_core.inspect.markdown import code, plain
from mtl_core.language import _

__all__ = ["Inspected", "show"]

OWN = "own"


@dataclass(frozen=True, slots=True)
class Inspected:
    """The model on screen.

    Parameters
    ----------
    id : str
        Differs between models of a session.
    title, about : str
        Markdown.
    file : str
        What downloads are called, without an ending.
    graph : CallGraph
    """

    id: str
    title: str
    about: str
    file: str
    graph: CallGraph


@dataclass(frozen=True, slots=True)
class _Own:
    name: str
    packed: bytes
    number: int


def show() -> Inspected:
    """Offer the examples, the upload and the box to paste into; return what is chosen."""
    st.session_state.setdefault("own_model", None)
    st.session_state.setdefault("own_models", 0)
    st.session_state.setdefault("own_problem", "")
    own: _Own | None = st.session_state.own_model
    if st.session_state.inspected == OWN and own is None:
        st.session_state.inspected = "case2"
        st.session_state.own_problem = _(
            "This link was made while somebody's own model was on screen. A model is never in a link, so here is an example."
        )
    files, examples = st.columns([3, 4], gap="medium")
    with files:
        _offer_files()
    with examples:
        _offer_examples(own)
    if st.session_state.own_problem:
        st.error(st.session_state.own_problem)
    if st.session_state.inspected == OWN and own is not None:
        return Inspected(
            id=f"{OWN} {own.number}",
            title=code(own.name),
            about=_("Your own model. It stays in the memory of this session and is not part of the link."),
            file=_file_name(own.name),
            graph=_unpacked(own.packed),
        )
    name = st.session_state.inspected
    return Inspected(name, _(EXAMPLES[name].title), _(EXAMPLES[name].about), name, _example(name))


def _offer_files() -> None:
    st.file_uploader(
        _("Your own model: a .keras or .h5 file, or the JSON of its architecture"),
        type=["keras", "h5", "hdf5", "json", "yaml", "yml", "pb", "zip"],
        key=_upload_key(),
        on_change=_take_upload,
        help=_(
            "Also read: keras_metadata.pb of a SavedModel, model.json of TensorFlow.js, and YAML. Is your file larger than "
            "this takes? The architecture is enough: `open('model.json', 'w').write(model.to_json())`"
        ),
    )
    with st.popover(_("Paste JSON instead")), st.form("paste", border=False):
        st.text_area(_("What `model.to_json()` returned"), key=_paste_key(), height=200)
        st.form_submit_button(_("Inspect"), on_click=_take_pasted)


def _offer_examples(own: _Own | None) -> None:
    titles = {name: _(example.title) for name, example in EXAMPLES.items()}
    if own is not None:
        titles = {OWN: _("Your own: {file}").format(file=plain(shown(own.name)))} | titles
    st.pills(
        _("Or an example"),
        list(titles),
        key="inspected",
        format_func=titles.__getitem__,
        required=True,
        persist_state="session",
        on_change=_no_problem,
        wrap=True,
    )


def _take_upload() -> None:
    uploaded = st.session_state[_upload_key()]
    if uploaded is not None:
        _take(uploaded.name, lambda: config_of_file(uploaded))


def _take_pasted() -> None:
    _take(_("the pasted JSON"), lambda: config_of_json(st.session_state[_paste_key()]))


def _take(name: str, read: Callable[[], Any]) -> None:
    """Keep a visitor's model if it can be read, else say why not. Either way its widget is made anew, which frees the upload."""
    try:
        packed = _packed(read())
        _unpacked(packed).to_dot()  # a model that can't be drawn is let go, too
    except ModelFileError as error:
        own, inspected = st.session_state.own_model, st.session_state.inspected
        title = shown(own.name) if inspected == OWN else _(EXAMPLES[inspected].title)
        st.session_state.own_problem = _(
            "{name} could not be read. {why} What you see below is still “{title}”."
        ).format(name=code(name), why=plain(str(error)), title=plain(title))
    else:
        st.session_state.own_model = _Own(name, packed, st.session_state.own_models)
        st.session_state.inspected = OWN
        _no_problem()
    st.session_state.own_models += 1


def _no_problem() -> None:
    st.session_state.own_problem = ""


def _upload_key() -> str:
    return f"upload_{st.session_state.own_models}"


def _paste_key() -> str:
    return f"pasted_{st.session_state.own_models}"


def _file_name(name: str) -> str:
    """A name for downloads: the upload's own, as far as it is harmless on every system."""
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in PurePath(name).stem[:60])
    return stem.strip("-") or "model"


def _packed(config: Any) -> bytes:
    try:
        return zlib.compress(json.dumps(config, separators=(",", ":")).encode(), level=1)
    except RecursionError:  # just short of what the JSON reader refuses
        raise ModelFileError(_("The JSON is nested too deeply to be a model.")) from None


@functools.lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> CallGraph:
    return CallGraph.from_json(zlib.decompress(packed))


@functools.cache
def _example(name: str) -> CallGraph:
    return CallGraph.from_json(load_example(name))
