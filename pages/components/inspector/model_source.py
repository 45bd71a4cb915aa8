"""Which model is inspected, and with which it is compared: an example, or one of the visitor's own.

A visitor can give two, each a file or a pasted text: the one to inspect, and one to compare it with. One text may make
several models; each is chosen by its variable's name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

import streamlit as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.untrusted import shown
from mtl_core.graph.program import Program, read_file
from mtl_core.graph.words import labels
from mtl_core.inspect.examples import EXAMPLES, PROGRAMS, load_example, load_program
from mtl_core.inspect.markdown import code, plain
from mtl_core.language import _
from pages.components.inspector import given
from pages.components.inspector.given import Given, NotReadError
from pages.components.shell import address

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer

__all__ = ["Inspected", "box", "offer", "others", "show"]

OWN = "own"
Slot = Literal["own", "second"]
"""Which of a visitor's two models: the one to inspect, or the one to compare it with."""

_SLOTS: tuple[Slot, ...] = ("second", "own")

MAX_PASTED = 2_000_000
"""Most characters of a pasted text."""

_ALL = {**EXAMPLES, **PROGRAMS}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A model on screen.

    Parameters
    ----------
    id : str
        Differs between models of a session.
    title, about : str
        Markdown.
    file : str
        What downloads are called, without an ending.
    graph : CallGraph
    variable : str
        The model's name in the program; "model" where there is no program.
    program : Program
        All that was read with it; its text is empty where there is no program.
    """

    id: str
    title: str
    about: str
    file: str
    graph: CallGraph
    variable: str
    program: Program


def show() -> Inspected:
    """Offer the box to paste into, the upload and the examples; return what is chosen."""
    own = _held("own")
    if st.session_state.inspected == OWN and own is None:
        st.session_state.inspected = "case2"
        st.session_state.own_problem = st.session_state.own_problem or _(
            "This link was made while somebody's own model was on screen. A model is never in a link, so here is an example."
        )
    files, examples = st.columns([3, 4], gap="medium")
    with files:
        offer("own")
    with examples:
        _offer_examples(own)
    return _of_variable(_source(own))


def offer(slot: Slot) -> None:
    """A box to paste a text into, and an upload; and what was wrong with the last one."""
    # The second one's box is in a popover already.
    place = box(slot, _("Paste a program or JSON")) if slot == "own" else st.container()
    with (
        place,
        st.form(f"paste_{slot}", border=False, enter_to_submit=False),
    ):
        st.text_area(
            _("A Keras program, as a whole or in part, or what `model.to_json()` returned"),
            key=_key(slot, "pasted"),
            height=260,
            max_chars=MAX_PASTED,
        )
        st.form_submit_button(_("Inspect"), on_click=_take_pasted, args=(slot,), key=f"take_{slot}")
    st.file_uploader(
        _("Or a file: a program, a notebook, .keras, .h5 or JSON")
        if slot == "own"
        else _("Or a file of the second model: a program, a notebook, .keras, .h5 or JSON"),
        type=["py", "ipynb", "txt", "keras", "h5", "hdf5", "json", "yaml", "yml", "pb", "zip"],
        key=_key(slot, "upload"),
        on_change=_take_upload,
        args=(slot,),
        help=_(
            "Also read: keras_metadata.pb of a SavedModel, model.json of TensorFlow.js, and YAML. Is your file larger than "
            "this takes? The architecture is enough: `open('model.json', 'w').write(model.to_json())`"
        ),
    )
    if not address.takes_files():
        st.caption(
            _(
                "Within this other site your browser keeps files from the app. Paste the text above, or [open the app in a tab "
                "of its own]({address})."
            ).format(address=address.page())
        )
    if problem := st.session_state[f"{slot}_problem"]:
        st.error(problem)


def box(slot: Slot, label: str) -> PopoverContainer:
    """What opens where a model is given, and closes when it is taken: the answer is under it."""
    return st.popover(label, width="stretch", key=_box(slot), on_change="rerun")


def others(model: Inspected) -> dict[str, tuple[str, Callable[[], CallGraph]]]:
    """What a model can be compared with, by a key that differs between them: a title, and what gives the graph."""
    offered: dict[str, tuple[str, Callable[[], CallGraph]]] = {}
    for variable in model.program.models:
        if variable != model.variable:
            title = _("{variable}, of the same program").format(variable=shown(variable))
            offered[f"same {variable}"] = title, functools.partial(_graph, model.program, variable)
    for slot in _SLOTS:
        if model.id.startswith(f"{slot} ") or (held := _held(slot)) is None:
            continue
        kept, program = held
        for variable in program.models:
            title = _("{variable}, of {title}").format(variable=shown(variable), title=shown(kept.name))
            alone = len(program.models) == 1
            offered[f"{slot} {variable}"] = (
                shown(kept.name) if alone else title,
                functools.partial(_graph, program, variable),
            )
    for name, example in _ALL.items():
        if name != model.id.split()[0]:
            offered[name] = _(example.title), functools.partial(_last_of_example, name)
    return offered


def _graph(program: Program, variable: str) -> CallGraph:
    return program.models[variable]


def _last_of_example(name: str) -> CallGraph:
    return next(reversed(_example(name).models.values()))


def _begin(slot: Slot) -> None:
    """Begin a session's state."""
    for key, empty in (("model", None), ("number", 0), ("count", 0), ("problem", "")):
        st.session_state.setdefault(f"{slot}_{key}", empty)


def _held(slot: Slot) -> tuple[Given, Program] | None:
    """What the visitor has given, if anything, and its models; a run asks once, since they may have to be read again."""
    _begin(slot)
    kept: Given | None = st.session_state[f"{slot}_model"]
    if kept is None:
        return None
    try:
        return kept, given.program_of(kept)
    except ModelFileError as error:
        # It was read before, but others' models took its place, and this time it took too long.
        sentence = _("{name} had to be read again, and could not be. {why}")
        st.session_state[f"{slot}_problem"] = sentence.format(name=code(kept.name), why=plain(str(error)))
        st.session_state[f"{slot}_model"] = None
        return None


def _source(own: tuple[Given, Program] | None) -> tuple[str, str, str, str, Program]:
    """Id, title, words, file name and models of what is chosen."""
    name = st.session_state.inspected
    if name != OWN or own is None:
        example = _ALL[name]
        return name, _(example.title), _(example.about), name, _example(name)
    kept, program = own
    about = _("Your own model. It stays in the memory of this session and is not part of the link.")
    if program.text:
        about = _(
            "Your own program: read, not run. It stays in the memory of this session and is not part of the link."
        )
    return f"{OWN} {st.session_state.own_number}", code(kept.name), about, _file_name(kept.name), program


def _of_variable(source: tuple[str, str, str, str, Program]) -> Inspected:
    """The model of a program that is chosen by name; the last one until somebody chooses."""
    source_id, title, about, file, program = source
    names = tuple(program.models)
    if st.session_state.get("inspect_source") != source_id or st.session_state.get("inspect_variable") not in names:
        st.session_state.inspect_source = source_id
        st.session_state.inspect_variable = names[-1]
    if len(names) > 1:
        st.segmented_control(
            _("Model of this program, by its variable"),
            names,
            key="inspect_variable",
            format_func=lambda name: plain(labels(names)[name]),
            required=True,
            persist_state="session",
        )
        title = f"{title} · {code(st.session_state.inspect_variable)}"
    variable: str = st.session_state.inspect_variable
    return Inspected(f"{source_id} {variable}", title, about, file, program.models[variable], variable, program)


def _offer_examples(own: tuple[Given, Program] | None) -> None:
    titles = {name: _(example.title) for name, example in _ALL.items()}
    if own is not None:
        titles = {OWN: _("Your own: {file}").format(file=plain(shown(own[0].name)))} | titles
    st.pills(
        _("Or an example"),
        list(titles),
        key="inspected",
        format_func=titles.__getitem__,
        required=True,
        persist_state="session",
        on_change=_no_problem,
        args=("own",),
        wrap=True,
    )


def _take_upload(slot: Slot) -> None:
    uploaded = st.session_state[_key(slot, "upload")]
    if uploaded is not None:
        try:
            _take(slot, uploaded.name, lambda: given.read(uploaded.name, uploaded))
        finally:
            given.let_go(uploaded)


def _take_pasted(slot: Slot) -> None:
    text = st.session_state[_key(slot, "pasted")].encode("utf-8", "replace")
    name = _("the pasted text")
    _take(slot, name, lambda: given.read(name, text))


def _take(slot: Slot, name: str, read: Callable[[], Given]) -> None:
    """Keep what a visitor gives if it can be read, else say why not. Either way its widgets are made anew, and empty."""
    held = st.session_state
    try:
        kept = read()
    except NotReadError as error:
        held[f"{slot}_problem"] = _problem(slot, name, error)
        if slot == "own":  # the problem is said under the box, and within the second one's
            held[_box(slot)] = False
    else:
        held[f"{slot}_model"] = kept
        _no_problem(slot)
        held[_box(slot)] = False
        if slot == "own":
            held.inspected = OWN
        else:
            held.inspect_compare = f"second {next(reversed(given.program_of(kept).models))}"
        held[f"{slot}_number"] = held[f"{slot}_count"]
    held[f"{slot}_count"] += 1


def _problem(slot: Slot, name: str, error: NotReadError) -> str:
    why = plain(str(error))
    sentence = _("{name} could not be read. {why}").format(name=code(name), why=why)
    if slot == "own":
        own, inspected = st.session_state.own_model, st.session_state.inspected
        title = shown(own.name) if inspected == OWN else _(_ALL[inspected].title)
        still = _("What you see below is still “{title}”.").format(title=plain(title))
        if inspected == OWN and own.name == name:
            still = _("What you see below is still the one before, of the same name.")
        sentence = f"{sentence} {still}"
    lines = [
        _("Line {line}: {text}").format(line=remark.line, text=plain(remark.text))
        for remark in error.remarks
        if remark.line and remark.text != str(error)
    ]
    return "\n".join([sentence, "", *(f"* {line}" for line in lines)]) if lines else sentence


def _no_problem(slot: Slot) -> None:
    st.session_state[f"{slot}_problem"] = ""


def _key(slot: Slot, widget: str) -> str:
    _begin(slot)
    return f"{slot}_{widget}_{st.session_state[f'{slot}_count']}"


def _box(slot: Slot) -> str:
    return f"{slot}_box"


def _file_name(name: str) -> str:
    """A name for downloads: the upload's own, as far as it is harmless on every system."""
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in PurePath(name).stem[:60])
    return stem.strip("-") or "model"


@functools.cache
def _example(name: str) -> Program:
    return read_file((load_program(name) if name in PROGRAMS else load_example(name)).encode())
