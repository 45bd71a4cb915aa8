import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from pages.components.server.access import AccessCode
from tests.pages.components.server.asking import asked, whole

CODE = "three small owls"
LINK = "/walkthrough"


async def page(_request):
    return PlainTextResponse("the app")


async def stream(websocket):
    await websocket.accept()
    await websocket.send_text("the app")


APP = Starlette(routes=[WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", page)])


@pytest.fixture
def app():
    return AccessCode(APP, CODE, wrong_seconds=0)


def get(app, path=LINK, **headers):
    return asyncio.run(asked(app, path, accept="text/html", **headers))


def give(app, code, path=LINK):
    return asyncio.run(asked(app, path, method="POST", body=whole([b"code=", code.replace(" ", "+").encode()])))


def cookie_of(answer):
    return answer.headers["set-cookie"].split(";")[0]


def test_who_gives_the_code_gets_the_page_that_was_asked_for(app):
    assert get(app).status == 401
    answer = give(app, CODE)
    assert (answer.status, answer.headers["location"]) == (303, LINK)
    assert get(app, cookie=cookie_of(answer)).body == b"the app"


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example"])
def test_nobody_is_led_to_another_site(app, path):
    location = give(app, CODE, path).headers["location"]
    assert location.startswith("/")
    assert location[1] not in "/\\"


def test_the_code_is_in_no_link_and_no_script_can_read_the_cookie(app):
    answer = give(app, CODE)
    assert CODE not in str(answer.headers)
    assert "httponly" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "code", ["", "three small owl", "three small owls!", "THREE SMALL OWLS", "é" * 500, "x" * 100_000]
)
def test_who_gives_another_is_asked_again(app, code):
    answer = give(app, code)
    assert answer.status == 401
    assert "set-cookie" not in answer.headers
    assert b"That is not the code." in answer.body


@pytest.mark.parametrize("cookie", ["access=", "access=0", "access=three small owls", "other=1"])
def test_a_made_up_cookie_is_no_code(app, cookie):
    assert get(app, cookie=cookie).status == 401


def test_another_process_with_the_same_code_knows_the_cookie(app):
    assert get(AccessCode(APP, CODE), cookie=cookie_of(give(app, CODE))).body == b"the app"


def test_a_new_code_ends_the_old_cookies(app):
    assert get(AccessCode(APP, "another"), cookie=cookie_of(give(app, CODE))).status == 401


@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/s/f", "/media/x.png", "/_stcore/host-config", "/_stcore/agent/interact"]
)
def test_nothing_of_the_app_answers_without_it(app, path):
    assert b"the app" not in asyncio.run(asked(app, path)).body


@pytest.mark.parametrize("path", ["/_stcore/health", "/class/_stcore/health", "/static/js/index.js", "/favicon.png"])
def test_health_and_the_front_ends_files_do(app, path):
    assert asyncio.run(asked(app, path)).body == b"the app"


def test_no_session_begins_without_it(app):
    said = []

    async def connect():
        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            said.append(message)

        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "query_string": b""}
        await app(scope, receive, send)

    asyncio.run(connect())
    assert [message["type"] for message in said] == ["websocket.close"]


def test_a_wrong_code_is_answered_late(monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr("pages.components.server.access.asyncio.sleep", sleep)
    give(AccessCode(APP, CODE), "wrong")
    assert waited == [1.0]


def test_a_thousand_connections_try_no_more_codes_in_a_second_than_a_few():
    tried = []

    async def come():
        app = AccessCode(APP, CODE, wrong_seconds=0.02)
        began = asyncio.get_running_loop().time()
        form = {"method": "POST", "accept": "text/html"}

        async def wrong(number):
            await asked(app, LINK, body=whole([b"code=%d" % number]), **form)
            tried.append(number)

        strangers = [asyncio.create_task(wrong(number)) for number in range(100)]
        await asyncio.sleep(0)
        body = whole([b"code=", CODE.replace(" ", "+").encode()])
        answer = await asked(app, LINK, body=body, x_forwarded_for="10.0.0.1, 10.0.0.2", **form)
        before = len(tried)
        await asyncio.gather(*strangers)
        return answer.status, before, asyncio.get_running_loop().time() - began

    status, before, seconds = asyncio.run(come())
    assert seconds >= 0.02 * 100 / 4
    assert status == 303
    assert before <= 8, "who comes from elsewhere waits for none of them"


def test_where_no_code_is_set_nobody_is_asked(monkeypatch):
    monkeypatch.delenv("MTL_ACCESS_CODE", raising=False)
    assert get(AccessCode(APP)).body == b"the app"
