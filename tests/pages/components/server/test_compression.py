import asyncio
import gzip

import brotli
import pytest
from starlette.middleware.gzip import GZipMiddleware

from pages.components.server.compression import CompressedFiles
from tests.pages.components.server.asking import ask, asked
from tests.pages.components.server.front_end import CHARTS, CODE, FONT, STATIC, Counting


@pytest.fixture
def streamlit_alone():
    return Counting()


@pytest.fixture
def app(streamlit_alone):
    return CompressedFiles(streamlit_alone)


def test_the_code_of_the_charts_takes_less_than_a_third_and_is_the_same(app):
    answer = ask(app, f"/static/js/{CHARTS.name}", accept_encoding="gzip, deflate")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(answer.body) < CHARTS.stat().st_size / 3
    assert gzip.decompress(answer.body) == CHARTS.read_bytes()


def test_with_brotli_it_takes_less_than_with_gzip(app):
    """Browsers take it over HTTPS."""
    path = f"/static/js/{CODE.name}"
    with_brotli, with_gzip = (ask(app, path, accept_encoding=ways) for ways in ("gzip, deflate, br, zstd", "gzip"))
    assert with_brotli.headers["content-encoding"] == "br"
    assert brotli.decompress(with_brotli.body) == gzip.decompress(with_gzip.body)
    assert len(with_brotli.body) < 0.95 * len(with_gzip.body)


def test_files_with_their_digest_in_the_name_are_kept_for_ever_and_the_page_is_asked_for_each_time(app):
    file = ask(app, f"/static/js/{CODE.name}", accept_encoding="gzip")
    page = ask(app, "/walkthrough", accept_encoding="gzip")
    assert "immutable" in file.headers["cache-control"]
    assert page.headers["cache-control"] == "no-cache"
    assert file.headers["vary"] == page.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(page.body) == (STATIC / "index.html").read_bytes()


@pytest.mark.parametrize("first", ["/", "/walkthrough"])
def test_whichever_page_is_asked_for_first_all_are_the_front_end(app, first):
    """Streamlit compresses all of them but the first one by itself."""
    for path in (first, "/", "/walkthrough", "/glossary"):
        for ways, undo in (("gzip, br", brotli.decompress), ("gzip", gzip.decompress)):
            answer = ask(app, path, accept_encoding=ways)
            assert undo(answer.body) == (STATIC / "index.html").read_bytes()


def test_a_class_that_comes_at_once_has_one_file_compressed_once(app, streamlit_alone):
    async def come():
        path = f"/static/js/{CODE.name}"
        return await asyncio.gather(*(asked(app, path, accept_encoding="gzip") for _ in range(30)))

    answers = asyncio.run(come())
    assert len({answer.body for answer in answers}) == 1
    assert streamlit_alone.read == 1


def test_a_page_that_did_not_change_is_not_sent_again(app):
    tag = ask(app, "/", accept_encoding="gzip").headers["etag"]
    assert ask(app, "/", accept_encoding="gzip", if_none_match=tag).status == 304


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/static/js/{CODE.name}", {}),
        (f"/static/js/{CODE.name}", {"accept_encoding": "identity, zstd;q=0.5"}),
        (f"/static/js/{CODE.name}", {"accept_encoding": "gzip", "range": "bytes=0-99"}),
        (f"/static/media/{FONT.name}", {"accept_encoding": "gzip"}),
    ],
    ids=["a browser that can't", "one that takes other ways", "a piece", "a font"],
)
def test_what_gains_nothing_is_sent_as_streamlit_sends_it(app, streamlit_alone, path, headers):
    compressed, plain = (ask(each, path, **headers) for each in (app, streamlit_alone))
    assert "content-encoding" not in compressed.headers
    assert (compressed.status, compressed.body) == (plain.status, plain.body)


@pytest.mark.parametrize("path", ["//evil/x.js", "/static/..\\..\\secret.js", "/a/_stcore/agent/nothing"])
def test_what_streamlit_refuses_stays_refused(app, streamlit_alone, path):
    compressed, plain = (ask(each, path, accept_encoding="gzip") for each in (app, streamlit_alone))
    assert compressed.status == plain.status >= 400
    assert compressed.body == plain.body


def test_below_a_path_prefix_it_is_the_same():
    answer = ask(CompressedFiles(Counting("class")), f"/class/static/js/{CODE.name}", accept_encoding="gzip")
    assert gzip.decompress(answer.body) == CODE.read_bytes()


def test_an_app_below_that_compresses_by_itself_is_not_compressed_twice(streamlit_alone):
    below = GZipMiddleware(streamlit_alone)
    answer = ask(CompressedFiles(below), "/walkthrough", accept_encoding="gzip, deflate, br, zstd")
    assert brotli.decompress(answer.body) == (STATIC / "index.html").read_bytes()
