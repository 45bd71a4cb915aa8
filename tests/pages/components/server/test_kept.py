import asyncio
import gzip

import pytest

from pages.components.server import KeptFiles
from pages.components.server.compression import CompressedFiles
from tests.pages.components.server.asking import ask, asked
from tests.pages.components.server.front_end import CODE, FONT, STATIC, Counting


@pytest.fixture
def streamlit_alone():
    return Counting()


@pytest.fixture
def app(streamlit_alone):
    return KeptFiles(CompressedFiles(streamlit_alone))


@pytest.mark.parametrize("path", [f"/static/js/{CODE.name}", f"/static/media/{FONT.name}"], ids=["code", "a font"])
def test_a_file_that_never_changes_is_looked_for_once_and_answered_the_same_from_then_on(app, streamlit_alone, path):
    first = ask(app, path, accept_encoding="gzip")
    looked = streamlit_alone.asked
    second = ask(app, path, accept_encoding="gzip")
    assert streamlit_alone.asked == looked
    assert first.status == 200
    assert (second.status, dict(second.headers), second.body) == (first.status, dict(first.headers), first.body)


def test_who_has_it_or_wants_less_is_answered_as_before(app):
    path = f"/static/js/{CODE.name}"
    first = ask(app, path, accept_encoding="gzip")
    head = ask(app, path, method="HEAD", accept_encoding="gzip")
    assert (dict(head.headers), head.body) == (dict(first.headers), b"")
    assert ask(app, path, accept_encoding="gzip", if_none_match=first.headers["etag"]).status == 304
    piece = ask(app, path, accept_encoding="gzip", range="bytes=0-99")
    assert (piece.status, piece.body) == (206, CODE.read_bytes()[:100])


def test_each_browser_gets_what_it_can_read(app):
    path = f"/static/js/{CODE.name}"
    for _time in range(2):
        assert gzip.decompress(ask(app, path, accept_encoding="gzip, deflate").body) == CODE.read_bytes()
        assert ask(app, path).body == CODE.read_bytes()
        assert ask(app, path, accept_encoding="gzip, br").headers["content-encoding"] == "br"


@pytest.mark.parametrize("path", ["/walkthrough", "/static/js/none.js"])
def test_a_page_is_asked_for_each_time_as_is_a_file_that_is_not_there(app, streamlit_alone, path):
    """Streamlit answers both with the page of the front end."""
    for _time in range(2):
        looked = streamlit_alone.asked
        answer = ask(app, path, accept_encoding="gzip")
        assert gzip.decompress(answer.body) == (STATIC / "index.html").read_bytes()
        assert streamlit_alone.asked > looked


def test_a_file_whose_reader_leaves_in_the_middle_is_not_kept_in_part(app):
    path = f"/static/media/{FONT.name}"

    async def leave() -> None:
        async def gone(message):
            if message["type"] == "http.response.body":
                raise OSError("connection lost")

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        with pytest.raises(OSError, match="connection lost"):
            await app(scope, asyncio.Event().wait, gone)

    asyncio.run(leave())
    assert ask(app, path).body == FONT.read_bytes()


def test_a_class_that_comes_at_once_gets_whole_files(app):
    async def come():
        return await asyncio.gather(*(asked(app, f"/static/media/{FONT.name}") for _ in range(30)))

    assert {answer.body for answer in asyncio.run(come())} == {FONT.read_bytes()}
