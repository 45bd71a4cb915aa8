"""Two app processes, a scheduler and its workers, as in `deploy/compose.yaml`; visitors speak Streamlit's own protocol."""

import asyncio
import json
import os
import re
import shlex
import ssl
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from distributed import Client, Security

from mtl_core.jobs.attempts import topic
from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.records import run_key
from mtl_core.spec import ExperimentSpec
from tests.browser.server import NOBODY, Server
from tests.deploy.files import directives, environment, image_files, instructions
from tests.deploy.topology import COMPOSE, DEPLOY, Topology
from tests.load.client import Session, open_session

SPEC = ExperimentSpec().replace(
    tweets="numbers", lstm_units=2, timesteps=4, features=2, n_train=4096, n_test=64, batch_size=4, epochs=12
)
"""12,000 updates: long enough to be met under way."""

LINK = "&".join(f"{key}={value}" for key, value in SPEC.to_query().items())


@pytest.fixture(scope="module")
def topology(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    # Only the long version trains: else workers are spared TensorFlow, by a Keras that asks for what isn't there.
    spared = {} if request.config.option.full else {"KERAS_BACKEND": "torch"}
    with Topology(tmp_path_factory.mktemp("topology"), **spared) as started:
        yield started


class Asked(BaseHTTPRequestHandler):
    """Says that all is well, and remembers where it was asked."""

    paths: list[str]

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing."""


class Asking(NamedTuple):
    port: int
    paths: list[str]


@contextmanager
def asking() -> Iterator[Asking]:
    """A server that is always well."""
    handler = type("Handler", (Asked,), {"paths": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Asking(server.server_port, handler.paths)
        server.shutdown()
        thread.join()


@pytest.fixture
def dask(topology: Topology) -> Iterator[Client]:
    settings = topology.environment("app1")
    prefix = "DASK_DISTRIBUTED__COMM__TLS__"
    security = Security(
        require_encryption=True,
        tls_ca_file=settings[f"{prefix}CA_FILE"],
        tls_client_cert=settings[f"{prefix}CLIENT__CERT"],
        tls_client_key=settings[f"{prefix}CLIENT__KEY"],
    )
    with Client(topology.address, security=security, set_as_default=False, timeout=60) as client:
        yield client


def test_both_workers_join_over_tls_with_room_for_one_training_and_a_question(topology: Topology, dask: Client) -> None:
    dask.wait_for_workers(2, timeout=60)
    workers = dask.scheduler_info(n_workers=-1)["workers"].values()
    assert [(worker["nthreads"], worker["resources"]) for worker in workers] == [(2, {"train": 1})] * 2


def says(words: str):
    return lambda session: any(words in text for text in session.texts())


async def journey(topology: Topology) -> None:
    """Ann trains on the first app; Ben meets her run on the second; hers is killed, and she goes on with his."""
    first, second = topology.apps
    async with open_session(second.url, query=LINK) as ben:
        async with open_session(first.url, query=LINK) as ann:
            await ann.act("train", "train", trigger_value=True)
            await ben.act("train", "train", trigger_value=True)
            for session in (ann, ben):
                await session.until(says(f"of {SPEC.train.epochs}; about"), 120)
            first.kill()
        async with open_session(second.url, query=LINK) as ann_again:
            assert ann_again.has("stop"), "the run is under way, and the link shows it"
            for session in (ann_again, ben):
                await session.until(done, 120)
                assert session.errors == []


async def class_in_a_room(topology: Topology) -> None:
    """A teacher on the first app, five phones on both: each process counts the votes of the other's phones."""
    first, second = topology.apps
    async with AsyncExitStack() as people:
        teacher = await people.enter_async_context(open_session(first.url, "teachers"))
        await teacher.act("open a room", "open_room", trigger_value=True)
        await teacher.until(lambda session: session.has("begin"))
        (code,) = {match for text in teacher.texts() for match in re.findall(r'class="code">(\w+)<', text)}
        await teacher.act("begin", "begin", trigger_value=True)
        for number in range(5):
            app = (first, second)[number % 2]
            phone = await people.enter_async_context(open_session(app.url, "walkthrough", f"room={code}"))
            await phone.until(lambda session: session.has("ballot_0_1"))
            await phone.act("choose", "ballot_0_1", string_value=lettered(STEPS[0].questions[0], number % 4))
            await phone.act("vote", "vote_0", trigger_value=True)
        await teacher.until(says("5 of 5 have predicted"))
        await teacher.act("close", "close", trigger_value=True)
        await teacher.until(says("First vote of 5 people: A 40 %, B 20 %, C 20 %, D 20 %."))
        await phone.until(says("The vote is closed."))
        assert [session.errors for session in (teacher, phone)] == [[], []]


def test_two_app_processes_see_the_votes_of_one_room(topology: Topology) -> None:
    asyncio.run(asyncio.wait_for(class_in_a_room(topology), 240))


def done(session: Session) -> bool:
    return session.has("train")


@pytest.mark.full
def test_two_app_processes_share_one_training_which_outlives_the_app_that_is_killed(
    topology: Topology, dask: Client
) -> None:
    """Beside the like test of `jobs`, with the real app, engine, certificates and commands."""
    # Listened to and not looked up at the end: the topic of a run that nobody follows any more is soon forgotten.
    told: list[dict] = []
    dask.subscribe_topic(topic(run_key(SPEC)), lambda event: told.append(event[1]))
    asyncio.run(asyncio.wait_for(journey(topology), 240))
    assert sum("begin" in event for event in told) == 1
    assert len(dask.scheduler_info(n_workers=-1)["workers"]) == 2


def test_who_has_no_certificate_cannot_reach_the_scheduler(topology: Topology, dask: Client) -> None:
    port = int(topology.address.rsplit(":", 1)[1])
    stranger = ssl.create_default_context(cafile=topology.environment("app1")["DASK_DISTRIBUTED__COMM__TLS__CA_FILE"])
    stranger.check_hostname = False

    async def knock() -> bytes:
        reader, _writer = await asyncio.open_connection("127.0.0.1", port, ssl=stranger)
        return await asyncio.wait_for(reader.read(1), 20)

    # The scheduler says "certificate required" and closes; either may be seen first.
    with pytest.raises((ssl.SSLError, ConnectionError)):
        asyncio.run(knock())


def test_only_the_proxy_is_public() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["scheduler"]["networks"] == services["worker"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_file_that_compose_mounts_is_there_and_both_apps_share_secret_and_runs() -> None:
    services = COMPOSE["services"]
    assert services["app1"] == services["app2"]
    assert services["app1"]["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"].startswith("${COOKIE_SECRET:?")
    sources = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    for source in sources:
        assert (DEPLOY / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


def test_dask_is_encrypted_for_whoever_takes_part() -> None:
    for name in ("app1", "app2", "scheduler", "worker"):
        assert COMPOSE["services"][name]["environment"]["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] == "true"


def test_a_host_shows_no_error_details_and_takes_no_requests_of_other_sites() -> None:
    config = tomllib.loads((DEPLOY.parent / ".streamlit" / "config.toml").read_text())
    assert config["client"]["showErrorDetails"] == "none"
    assert config["server"]["maxUploadSize"] <= 10
    # On by default, so nothing may turn them off.
    assert config["server"].get("enableCORS", True)
    assert config["server"].get("enableXsrfProtection", True)
    for name in ("STREAMLIT_SERVER_ENABLE_CORS", "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION"):
        assert environment()[name] == "true"
    assert environment()["STREAMLIT_CLIENT_SHOW_ERROR_DETAILS"] == "none"


def test_the_image_sets_what_the_table_of_settings_says_of_it() -> None:
    rows = re.findall(
        r"^\| `(MTL_\w+)` \| ([^|]*in the image[^|]*) \|", (DEPLOY.parent / "README.md").read_text(), re.M
    )
    assert len(rows) == 2
    for name, default in rows:
        assert environment()[name] in default.replace("`", "").split()


def test_the_proxy_sends_a_visitor_to_one_healthy_app_at_once_and_hides_the_servers_numbers() -> None:
    _timeouts, _site, compression, numbers, (proxy, settings) = directives(DEPLOY / "Caddyfile")
    assert compression.words == ("encode", "zstd", "gzip")
    assert numbers.words == ("respond", "{$PREFIX}/_stcore/metrics", "404")
    apps = [name for name in COMPOSE["services"] if name.startswith("app")]
    assert len(apps) == 2
    assert proxy == ("reverse_proxy", *(f"{app}:{environment()['STREAMLIT_SERVER_PORT']}" for app in apps))
    values = {name: value for (name, value, *_), _ in settings}
    assert values["lb_policy"] == "cookie"
    assert values["flush_interval"] == "-1", "epochs are sent as they come"


def test_the_proxy_waits_for_nobody_who_sends_half_a_request() -> None:
    ((_, (servers,)), *_others) = directives(DEPLOY / "Caddyfile")
    ((_, limits),) = servers.inner
    assert {name: int(value.removesuffix("s")) <= 90 for (name, value), _ in limits if name.startswith("read_")} == {
        "read_header": True,
        "read_body": True,
    }


def test_below_a_path_prefix_proxy_and_app_are_asked_for_their_health_where_it_is() -> None:
    """compose.yaml hands one PREFIX to both."""
    services = COMPOSE["services"]
    assert services["proxy"]["environment"]["PREFIX"] == "${PREFIX:-}"
    assert services["app1"]["environment"]["STREAMLIT_SERVER_BASE_URL_PATH"] == "${PREFIX:-}"
    proxy = directives(DEPLOY / "Caddyfile")[-1]
    assert ("health_uri", "{$PREFIX}/_stcore/health") in [words for words, _ in proxy.inner]
    with asking() as asked:
        for prefix, path in {
            "": "/_stcore/health",
            "/class": "/class/_stcore/health",
            "a/b/": "/a/b/_stcore/health",
        }.items():
            assert healthy(asked.port, STREAMLIT_SERVER_BASE_URL_PATH=prefix)
            assert asked.paths.pop() == path


def test_the_image_is_slim_and_not_root() -> None:
    (base,) = instructions("ARG")
    assert base.split("@")[0].endswith("-slim")
    assert [image.split()[0] for image in instructions("FROM")] == ["${BASE}", "${BASE}"]
    assert instructions("USER") == ["app"]
    assert f"install --directory --owner app {environment()['MTL_STORE']}" in " ".join(instructions("RUN"))


def test_what_only_a_build_needs_is_taken_out_where_it_was_put_in() -> None:
    """In the same instruction: what a later one removes stays in the image's layers."""
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    steps = [shlex.split(step) for step in install.split("&&")]
    (removed,) = [words[2:] for words in steps if words[:2] == ["rm", "-rf"]]
    (uninstalled,) = [words for words in steps if "uninstall" in words]
    assert {"libclang", "pip"} < set(uninstalled)
    # The headers are there, and in no other place of these packages.
    packages = [Path(find_spec(name).submodule_search_locations[0]) for name in ("tensorflow", "pyarrow")]  # type: ignore[union-attr, index]
    assert all((package / "include").is_dir() for package in packages)
    assert removed == [f"/venv/lib/python3*/site-packages/{package.name}/include" for package in packages]


def healthy(port: int, **variables: str) -> bool:
    """What the image's own check says, of an app at this port."""
    (check,) = instructions("HEALTHCHECK")
    _python, *arguments = json.loads(check.split("CMD ")[1])
    at = [text.replace(f":{environment()['STREAMLIT_SERVER_PORT']}/", f":{port}/") for text in arguments]
    assert at != arguments
    command = [sys.executable, *at]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **variables}).returncode == 0


def test_the_image_is_called_healthy_exactly_while_the_app_answers(topology: Topology) -> None:
    assert healthy(topology.apps[1].port)
    assert not healthy(9)


def test_scheduler_and_workers_are_called_healthy_exactly_while_they_answer(topology: Topology, dask: Client) -> None:
    dask.wait_for_workers(2, timeout=120)
    info = dask.scheduler_info(n_workers=-1)
    ports = [info["services"]["dashboard"], *(worker["services"]["dashboard"] for worker in info["workers"].values())]
    assert len(ports) == 3
    for service in ("scheduler", "worker"):
        _cmd, python, *arguments = COMPOSE["services"][service]["healthcheck"]["test"]
        assert python == "python"
        for port in (*ports, 9):
            at = [text.replace(":8787/", f":{port}/") for text in arguments]
            asked = subprocess.run([sys.executable, *at], capture_output=True, check=False)
            assert (asked.returncode == 0) == (port != 9)
        command = COMPOSE["services"][service]["command"]
        assert command[command.index("--dashboard-address") + 1] == "127.0.0.1:8787", "where it is asked"


def test_every_page_opens_with_nothing_but_the_files_of_the_image(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        for page in (
            "",
            "walkthrough",
            "quiz",
            "sharing",
            "compare",
            "inspect_model",
            "questions",
            "teachers",
            "glossary",
        ):
            async with open_session(url, path=page) as session:
                assert list(session.texts())
                assert session.errors == []

    root = image_files(tmp_path / "app")
    assert {path.name for path in root.iterdir()} >= {".streamlit", "app.py", "assets", "mtl_core", "pages"}
    with Server(tmp_path / "server", root=root, DASK_SCHEDULER_ADDRESS=NOBODY) as server:
        asyncio.run(asyncio.wait_for(visit(server.url), 120))


def test_the_readme_names_every_variable_that_the_app_reads() -> None:
    root = DEPLOY.parent
    # All but MTL_SCRATCH, which the app sets for its own children.
    files = [root / "app.py", *root.glob("mtl_core/**/*.py"), *root.glob("pages/**/*.py")]
    read = {name for file in files for name in re.findall(r'"(MTL_[A-Z_]+)"', file.read_text())}
    assert len(read) > 3
    readme = (root / "README.md").read_text()
    assert [name for name in read - {"MTL_SCRATCH"} if f"| `{name}` |" not in readme] == []


def test_secrets_that_the_readme_speaks_of_are_not_committed() -> None:
    assert ".env" in (DEPLOY.parent / ".gitignore").read_text().splitlines()


def test_a_space_is_told_where_the_app_listens() -> None:
    front_matter = yaml.safe_load((DEPLOY / "huggingface" / "README.md").read_text().split("---")[1])
    assert (front_matter["sdk"], front_matter["app_port"]) == ("docker", 8501)
    assert len(front_matter["short_description"]) <= 60
    assert environment()["STREAMLIT_SERVER_PORT"] == "8501"
