import asyncio
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.components.server.uploads import Uploads
from tests.pages.components.server.asking import ask, asked, whole

PATH = "/_stcore/upload_file/{session}/{file}"


@pytest.fixture
def files():
    return MemoryUploadedFileManager("/upload")


@pytest.fixture
def streamlit_alone(files):
    """Takes a file as Streamlit does: when its body has come."""

    async def take(request: Request) -> Response:
        session, file = request.path_params["session"], request.path_params["file"]
        files.add_file(session, UploadedFileRec(file, file, "text/plain", await request.body()))
        return Response(status_code=204)

    return Starlette(routes=[Route(PATH, take, methods=["PUT"])])


@pytest.fixture
def app(streamlit_alone, files):
    return Uploads(streamlit_alone, stands_still=0.05, altogether=0.5, files=lambda: files)


def held(files, session):
    return list(files.file_storage[session])


async def upload(app, session, file, body=None):
    return await asked(app, f"/_stcore/upload_file/{session}/{file}", method="PUT", body=body or whole([b"x"]))


def test_of_a_visitor_who_uploads_80_files_the_last_two_are_held(app, files):
    async def come():
        return [await upload(app, "ann", str(number)) for number in range(80)]

    assert {answer.status for answer in asyncio.run(come())} == {204}
    assert held(files, "ann") == ["78", "79"]


def test_nobody_loses_a_file_to_another_visitor(app, files):
    async def come():
        for number in range(5):
            await upload(app, "ann", f"a{number}")
            await upload(app, "ben", f"b{number}")

    asyncio.run(come())
    assert held(files, "ann") == ["a3", "a4"]
    assert held(files, "ben") == ["b3", "b4"]


async def that_stands_still():
    yield b"x"
    await asyncio.Event().wait()


async def that_drips():
    while True:
        yield b"x"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("body", [that_stands_still, that_drips])
def test_an_upload_that_never_ends_is_let_go(app, files, body):
    answer = asyncio.run(upload(app, "ann", "slow", body()))
    assert answer.status == 408
    assert answer.headers["connection"] == "close"
    assert "ann" not in files.file_storage


def test_hundred_that_stand_still_keep_nobody_waiting_for_ever(app, files):
    async def come():
        stalled = [upload(app, f"stranger{number}", "x", that_stands_still()) for number in range(100)]
        return await asyncio.gather(*stalled, upload(app, "ann", "model.keras"))

    *strangers, ann = asyncio.run(come())
    assert {answer.status for answer in strangers} == {408}
    assert ann.status == 204
    assert held(files, "ann") == ["model.keras"]


def test_a_visitor_whose_files_stand_still_keeps_nobody_else_waiting(app, files):
    async def come():
        stalled = [asyncio.create_task(upload(app, "ann", str(n), that_stands_still())) for n in range(100)]
        await asyncio.sleep(0)
        ben = await upload(app, "ben", "model.keras")
        ended = sum(task.done() for task in stalled)
        for task in stalled:
            task.cancel()
        return ben.status, ended

    assert asyncio.run(come()) == (204, 0)
    assert held(files, "ben") == ["model.keras"]


def test_other_requests_are_not_hurried(streamlit_alone):
    app = Uploads(streamlit_alone, stands_still=0.0, altogether=0.0)
    assert ask(app, "/_stcore/upload_file/ann/x").status == 405
    assert ask(partial(app), "/elsewhere").status == 404
