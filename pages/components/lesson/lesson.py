"""One step of the walkthrough on screen: where one is, the question and the choice committed to, the picture."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mtl_core.figures import names
from mtl_core.figures.numbers import capital
from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.language import _, ngettext
from mtl_core.lessons.parts import Picture, Question, Step
from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import STEPS, chosen, commit, latest, questions, settled
from mtl_core.spec import ViewSpec
from pages.components.playground import drawing

__all__ = ["ask", "bar", "committed", "draw", "onward", "table"]


def bar(step: Step, *, led: bool = False) -> None:
    """Where one is, and the way back and on; for who is led there is none."""
    here = STEPS.index(step) + 1, _screen(step)
    way = [(place, screen) for place, each in enumerate(STEPS, start=1) for screen in range(_screens(each))]
    before, after = way[: way.index(here)], way[way.index(here) + 1 :]
    row = st.container(horizontal=True, vertical_alignment="center", key="bar")
    if not led:
        row.button(_("Back"), key="back", on_click=_go, args=(before or way)[-1], disabled=not before, shortcut="Left")
        row.button(_("Next"), key="next", on_click=_go, args=(after or way)[0], disabled=not after, shortcut="Right")
    minutes = ngettext("about {n} minute", "about {n} minutes", step.minutes).format(n=step.minutes)
    text = _("Step {n} of {all}: {minutes}").format(n=here[0], all=len(STEPS), minutes=minutes)
    if _screens(step) > 1:
        text = _("{text}, question {n} of {all}").format(text=text, n=here[1] + 1, all=_screens(step))
    with row:
        st.progress(here[0] / len(STEPS), text=text)


def _asked(step: Step) -> tuple[tuple[int, Question], ...]:
    """The questions on screen, with their numbers: all of the step, but on a wall one at a time with its picture."""
    numbered = questions(step)
    return numbered if _screens(step) == 1 else numbered[_screen(step) :][:1]


def _screens(step: Step) -> int:
    """How many screens a step takes."""
    alone = st.session_state.presenter and any(question.example for question in step.questions)
    return len(step.questions) if alone else 1


def _screen(step: Step) -> int:
    """Which of them is shown, counted from 0; a step begins with its first."""
    place, screen = st.session_state.get("screen", (0, 0))
    return min(screen, _screens(step) - 1) if place == STEPS.index(step) + 1 else 0


def table(step: Step) -> str:
    """What a step's setup compares, in rows and columns."""
    titles, *rows = ([_(cell) for cell in row] for row in step.table)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def onward(step: Step) -> None:
    """The way on, where a reader has come to the end of a step that is not the last."""
    place = STEPS.index(step) + 1
    if place < len(STEPS):
        title = _("Next: {title}").format(title=_(STEPS[place].title))
        st.button(title, key="onward", type="primary", on_click=_go, args=(place + 1,))


def _go(place: int, screen: int = 0) -> None:
    st.session_state.step = place
    st.session_state.screen = place, screen
    st.session_state.scale = 1.0


def committed(step: Step, view: ViewSpec) -> bool:
    """Whether every question of the step has its prediction."""
    return all(chosen(view.answers, number) is not None for number, _question in questions(step))


def ask(
    step: Step,
    view: ViewSpec,
    *,
    shown: bool | None = None,
    form: Callable[[int, Question], None] | None = None,
    below: Callable[[int, Question], None] | None = None,
) -> None:
    """The step's questions: choices first, and once one is committed to, whether it is right and why.

    Parameters
    ----------
    step : Step
    view : ViewSpec
    shown : bool, optional
        In a room, whether the answers are shown, whatever was predicted.
    form : callable, optional
        In a room, what stands for the choices until then, from a question's number and the question.
    below : callable, optional
        In a room, what stands below either, from the same.
    """
    for number, question in _asked(step):
        first, place = chosen(view.answers, number), st.container()
        known = first is not None and not view.hide_answers if shown is None else shown
        if question.example:
            beside, place = st.columns(2, gap="medium")
            with beside:
                _example(question.example, number, calls=known)
        with place:
            st.header(_(question.text))
            if known and (shown or settled(view.answers, number)):
                _verdict(number, question, first, brief=view.presenter)
            elif form is not None:
                form(number, question)
            elif known or first is None:
                _choices(number, question, latest(view.answers, number))
            else:
                st.markdown(_("Your prediction: **{text}**").format(text=lettered(question, first)))
            if below is not None:
                below(number, question)


def _choices(number: int, question: Question, wrong: int | None) -> None:
    """The choices; below them, after a wrong one, why it is wrong: whoever likes tries again."""
    picked = st.radio(
        _("Your prediction"),
        range(len(question.choices)),
        index=None,
        key=f"choice_{number}",
        format_func=lambda i: lettered(question, i),
    )
    with st.container(horizontal=True):
        st.button(
            _("Commit to this prediction") if wrong is None else _("Try this answer"),
            key=f"commit_{number}",
            type="primary",
            disabled=picked is None or picked == wrong,
            on_click=_commit,
            args=(number, question),
        )
        if wrong is not None:
            st.button(_("Show the answer"), key=f"answer_{number}", on_click=_answer, args=(number, question.right))
    with st.container(key=f"verdict_{number}"):
        if wrong is not None:
            text, why = lettered(question, wrong), _(question.choices[wrong].why)
            st.info(
                _("“{text}” is not right. {why} Look again, and try another answer.").format(text=text, why=why),
                icon=":material/lightbulb:",
            )


def _commit(number: int, question: Question) -> None:
    """A callback: predict what is chosen now, which may have changed since the button was drawn."""
    choice = st.session_state[f"choice_{number}"]
    if choice in range(len(question.choices)):  # it comes from outside, so it may be anything
        _answer(number, choice)


def _answer(number: int, choice: int) -> None:
    st.session_state.answers = commit(st.session_state.answers, number, choice)


def _verdict(number: int, question: Question, first: int | None, *, brief: bool) -> None:
    """Whether the prediction was right, if there was one, then each choice with its why; words say what no colour has to.

    On a wall, where question, picture and verdict are one screen, the wrong choices are folded up.
    """
    with st.container(key=f"verdict_{number}"):
        if first == question.right:
            st.success(_("Your prediction is right."), icon=":material/check:")
        else:
            right = lettered(question, question.right)
            st.info(_("The right answer: {text}").format(text=right), icon=":material/lightbulb:")
    if brief:
        st.markdown(_(question.choices[question.right].why))
    with st.expander(_("Every choice, and why")) if brief else st.container():
        for i, option in enumerate(question.choices):
            mark = _("right") if option.right else _("not right")
            whose = _(", your prediction") if i == first else ""
            st.markdown(f"**{lettered(question, i)}** ({mark}{whose})  \n{_(option.why)}")


def _example(name: str, number: int, *, calls: bool) -> None:
    graph = CallGraph.from_json(load_example(name))
    drawing.draw(graph, key=f"example_{number}", layers=not calls)


def _caption(picture: Picture) -> str:
    caption = capital(names.case(picture.model))
    for sentence, applies in (
        (_("{case}, an LSTM each"), picture.model.encoder == "separate"),
        (_("{case}, with a hidden layer"), picture.model.hidden_units > 0),
        (_("{case}, as `plot_model` draws it"), picture.view == "layers"),
        (_("{case}: what each loss changes"), picture.view == "training"),
    ):
        caption = sentence.format(case=caption) if applies else caption
    return caption


def draw(step: Step, revealed: bool) -> None:
    """The step's pictures, with the relevant part lit."""
    for n, picture in enumerate((revealed and step.revealed) or step.pictures):
        graph = CallGraph.from_spec(picture.model, picture.data)
        st.markdown(f"**{_caption(picture)}**", text_alignment="center")
        if picture.view == "training":
            drawing.draw_training(graph, key=f"picture_{n}")
            continue
        drawing.draw(
            graph,
            key=f"picture_{n}",
            layers=picture.view == "layers",
            head=picture.highlight or "both",
            explain=revealed and picture.view == "layers",
        )
