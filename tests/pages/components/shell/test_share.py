"""A link for others has nothing of the person who shares it."""

import pytest

from tests.pages.reading import link


def shared(at):
    return [code.value for code in at.code]


@pytest.mark.parametrize("page", ["", "pages/walkthrough.py"])
def test_a_shared_link_has_neither_presenting_nor_hiding_nor_predictions(visit, page):
    at = visit(page, a="012", hide="1", step="3", pres="1" if page else "0")
    at.session_state["share"] = True
    at.run()
    assert link(at)["a"] == "012"
    texts = shared(at)
    assert texts
    for text in texts:
        assert "step=3" in text
        assert not {"a=012", "hide=1", "pres=1"} & set(text.replace('"', "&").replace("?", "&").split("&"))


def test_the_class_links_of_a_presenter_are_as_many_as_they_differ(visit):
    for step, number in (("1", 1), ("4", 2)):
        at = visit("pages/walkthrough.py", pres="1", hide="1", a="0", step=step)
        at.session_state["class_links"] = True
        at.run()
        texts = shared(at)
        assert len(texts) == len(set(texts)) == number
        assert not any("hide" in text or "pres" in text or "a=0" in text for text in texts)


def test_a_link_of_the_teachers_page_opens_its_step(visit):
    at = visit("pages/teachers.py", step="2")
    at.query_params["step"] = "6"
    at.query_params["v"] = "2"
    at.switch_page("pages/walkthrough.py").run()
    assert link(at)["step"] == "6"
