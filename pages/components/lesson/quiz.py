"""The test of learning on screen: its items, the choices, and once all are made the result."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from mtl_core.figures.numbers import number as number_text
from mtl_core.graph.draw.plain import arrows_in_words, plain_dot
from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.lessons import quiz
from mtl_core.lessons.quiz import MISCONCEPTIONS, MOMENTS, Form, Item
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.records import Estimate
from mtl_core.rooms import LEAST, Room
from mtl_core.spec import ViewSpec
from pages.components.shell import browser, chart, menu, state
from pages.components.shell.file import file

__all__ = ["ask", "gain", "of_class", "result"]


def ask(moment: str, form: Form, replies: tuple[int | None, ...]) -> None:
    """All items of a form. A choice can be changed until the last one is made."""
    items = quiz.form(form)
    handed_in = None not in replies
    for number, (item, reply) in enumerate(zip(items, replies, strict=True)):
        with st.container(border=True, key=f"item_{number}"):
            st.header(_("{n} of {all}").format(n=number + 1, all=len(items)))
            model, question = st.columns((3, 2), gap="medium")
            with model:
                _model(item, number)
            key = f"reply_{moment}_{form}_{number}"
            question.radio(
                item.text(item.question),
                range(len(item.options)),
                index=reply,
                key=key,
                format_func=lambda choice, item=item: item.text(item.options[choice].text),
                disabled=handed_in,
                on_change=_keep,
                args=(moment, form, number, key),
            )
            if handed_in and reply is not None and moment != "before":
                with question:
                    _verdict(item, reply)


def result(moment: str, form: Form, replies: tuple[int | None, ...]) -> None:
    """What came out, or how many answers are still to be given."""
    points = quiz.score(replies, form)
    if points is None:
        st.info(
            _("{n} of {all} answered. You can change every answer until the last one is given.").format(
                n=sum(reply is not None for reply in replies), all=len(replies)
            )
        )
        return
    if moment == "before":
        st.success(_("All {all} are answered and noted in your link. Now take the lesson.").format(all=len(replies)))
        st.page_link(
            menu.page("walkthrough"), label=_("Begin the walkthrough"), query_params=state.query() | {"step": "1"}
        )
        return
    st.header(_("{n} of {all} are right").format(n=points, all=len(replies)))
    for name, count in quiz.mistakes(replies, form).items():
        misconception = MISCONCEPTIONS[name]
        times = _("{name} stands behind {n} of your answers.").format(name=_(misconception.name), n=count)
        st.markdown(f"**{times}** {_(misconception.remedy)}")
        step = STEPS[misconception.step - 1]
        st.page_link(
            menu.page("walkthrough"),
            label=_("Step {n} shows it: {title}").format(n=misconception.step, title=_(step.title)),
            query_params=state.query() | {"step": str(misconception.step)},
        )


def gain(view: ViewSpec, order: str) -> None:
    """The scores of all moments that are complete, side by side, and what they can say of one person."""
    scores = {}
    for moment in MOMENTS:
        replies = quiz.replies_to(view.replies, moment)
        points = quiz.score(replies, quiz.form_at(moment, order))
        if points is not None:
            scores[moment] = points
    if len(scores) < 2:
        return
    names = {"before": _("before the lesson"), "after": _("after it"), "later": _("in a week")}
    st.markdown(
        _("Your right answers: {scores}.").format(
            scores=", ".join(f"{points} {names[moment]}" for moment, points in scores.items())
        )
    )
    st.caption(
        _(
            "One person’s score differs by a point or two from one form to the next without any learning; averages of a class differ less."
        )
    )


def of_class(room: Room) -> None:
    """What a class had right, item by item, and its gain; for the teacher."""
    st.subheader(_("The test of learning"))
    handed = sum(room.handed.values())
    table = quiz.rows(room)
    if not table:
        st.caption(
            _("{n} papers handed in. Each form is shown from {least} on.").format(n=handed, least=LEAST)
            if handed
            else _("Whoever opens *Test yourself* while in the room hands in which answers were right, without a name.")
        )
        return
    change = quiz.gain(room)
    if change is not None:
        st.markdown(_gain_in_words(change))
    st.dataframe(
        table,
        hide_index=True,
        alt=_("Items of the test: how many had each right, and how well it tells learners apart"),
    )
    file(_("The test, item by item (CSV)"), "test.csv", "text/csv", lambda: quiz.rows_csv(room))


def _gain_in_words(change: Estimate) -> str:
    amount = _("{mean} ± {half} of {n} items").format(
        mean=number_text(change.mean), half=number_text(change.half), n=len(quiz.KINDS)
    )
    if change.verdict == "differs":
        text = _("After the lesson the class has more right than before: {amount}.")
        less = _("After the lesson the class has fewer right than before: {amount}.")
        sentence = (text if change.mean > 0 else less).format(amount=amount)
    else:
        sentence = _("So many people show no difference between before and after: {amount}.").format(amount=amount)
    return f"{sentence} {_('It is the difference of two averages, and not of the same people one by one.')}"


def _model(item: Item, number: int) -> None:
    """What the item shows of its model."""
    if "code" in item.shown:
        st.code(
            item.sketch.program, language="python", wrap_lines=True
        )  # what a call takes stands at the end of its line
    if "words" in item.shown:
        st.markdown(item.prose)
    drawings = [kind for kind in item.shown if kind in ("calls", "layers")]
    for place, (column, kind) in enumerate(
        zip(st.columns(len(drawings)) if drawings else (), drawings, strict=True), 1
    ):
        with column:
            title = _("Drawing {n}").format(n=place) if len(drawings) > 1 else _titles()[kind]
            st.markdown(f"**{title}**")
            _drawing(item, kind, f"item_{number}_{kind}")


def _titles() -> dict[str, str]:
    return {"calls": _("One box a call"), "layers": _("What `plot_model` draws: one box a layer")}


def _drawing(item: Item, kind: Literal["calls", "layers"], key: str) -> None:
    graph = item.sketch.graph
    if kind == "layers":
        dot, arrows = graph.to_dot("layers", prefix=key, dark=chart.dark()), graph.layer_edges
    else:
        dot, arrows = plain_dot(graph, dark=chart.dark()), graph.edges
    with st.container(key=key):
        st.graphviz_chart(dot, width="content", alt=arrows_in_words(arrows))


def _verdict(item: Item, reply: int) -> None:
    if reply == item.right:
        st.markdown(_(":material/check: Right."))
        return
    right = item.text(item.options[item.right].text)
    misconception = MISCONCEPTIONS[item.options[reply].misconception]
    st.markdown(_("Not right. The right answer: {right}. {remedy}").format(right=right, remedy=_(misconception.remedy)))


def _keep(moment: str, form: Form, number: int, key: str) -> None:
    """A callback: keep an answer in the link; with the last one, somebody in a room hands in what was right."""
    held = st.session_state
    held.replies = quiz.with_reply(held.replies, moment, number, held[key])
    replies = quiz.replies_to(held.replies, moment)
    if held.room and None not in replies:
        rooms = shared().rooms
        right = [reply == item.right for reply, item in zip(replies, quiz.form(form), strict=True)]
        rooms.hand_in(rooms.look(held.room), browser.token(), quiz.paper_name(moment, form), right)
