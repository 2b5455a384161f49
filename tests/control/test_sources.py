"""Sources of endpoints without Envoy: what is kept, what is said, what is asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from mixer2.control.sources import EndpointSources
from mixer2.mesh.endpoint_list import MOST_BYTES, parse_endpoints, read_endpoints
from mixer2.mesh.errors import SourceFailed
from mixer2.mesh.schema.services import Service
from mixer2.xds.builders.endpoint import Endpoint

ONE, TWO = Endpoint("10.0.0.1", 80), Endpoint("::1", 8080, 3)


@pytest.mark.parametrize(
    ("content", "endpoints"),
    [
        ("[]", ()),
        ('["10.0.0.1:80"]', (ONE,)),
        ('["10.0.0.1:80", {"address": "::1", "port": 8080, "weight": 3}]', (ONE, TWO)),
        ('["[::1]:8080"]', (Endpoint("::1", 8080),)),
    ],
)
def test_lists_are_read(content: str, endpoints: tuple[Endpoint, ...], tmp_path: Path) -> None:
    assert parse_endpoints(content.encode(), "api") == endpoints
    for name in ("list.json", "list.yaml"):
        path = tmp_path / name
        path.write_text(content)
        assert read_endpoints(path) == endpoints


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "api: no JSON"),
        (b"\xff", "api: no JSON"),
        (b"{}", "api:  Input should be a valid list"),
        (b'["nowhere:80"]', "api: [0][address] Value error, 'nowhere' is no IP address"),
        (b'["10.0.0.1:80", 1]', "api: [1]"),
        (b'[{"address": "10.0.0.1", "port": 80, "wait": 1}]', "api: [0][wait] Extra inputs"),
        (b"[" * 100_000, "api: no JSON"),
    ],
)
def test_nonsense_is_refused_with_its_place(content: bytes, why: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        parse_endpoints(content, "api")
    assert str(caught.value).startswith(why)


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="No such file"):
        read_endpoints(tmp_path / "nowhere.json")
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(SourceFailed, match="larger than 16 MiB"):
        read_endpoints(large)
    broken = tmp_path / "broken.yaml"
    broken.write_text("[1,")
    with pytest.raises(SourceFailed, match=r"broken\.yaml:1:4"):
        read_endpoints(broken)


class Registry:
    """An HTTP API that answers what it is told."""

    def __init__(self) -> None:
        self.answer: Callable[[web.BaseRequest], web.StreamResponse] = lambda _: web.Response()
        self.asked = 0
        self.url = ""

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked += 1
        return self.answer(request)

    def says(self, body: Any, status: int = 200) -> None:
        self.answer = lambda _: web.Response(status=status, text=json.dumps(body))

    async def next_answer(self) -> None:
        until = self.asked + 2
        async with asyncio.timeout(5):
            while self.asked < until:
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def registry() -> AsyncIterator[Registry]:
    registry = Registry()
    runner = web.ServerRunner(web.Server(registry))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    registry.url = f"http://127.0.0.1:{site.port}/"
    yield registry
    await runner.cleanup()


def service(url: str) -> Service:
    return Service.model_validate({"http": {"url": url, "every": 0.05}})


async def test_an_api_that_fails_keeps_what_it_said(registry: Registry) -> None:
    changes = 0

    def changed() -> None:
        nonlocal changes
        changes += 1

    sources = EndpointSources(changed)
    registry.says(["10.0.0.1:80"])
    await sources.use({"web": service(registry.url)}, Path())
    assert sources.endpoints == {"web": (ONE,)}
    assert changes == 1
    for body, status, problem in (
        ("[]", 500, "HTTP 500"),
        ("x", 200, "valid list"),
        ([1], 200, ""),
    ):
        registry.says(body, status)
        await registry.next_answer()
        assert problem in sources.status["web"].problem
        assert sources.status["web"].problem
        assert sources.endpoints == {"web": (ONE,)}
    assert changes == 1
    registry.says(["10.0.0.1:80"])
    await registry.next_answer()
    assert sources.status["web"].problem == ""
    assert changes == 1
    registry.says([])
    await registry.next_answer()
    assert sources.endpoints == {"web": ()}
    assert changes == 2
    await sources.close()


async def test_an_api_that_answers_without_end_is_cut_off(registry: Registry) -> None:
    registry.answer = lambda _: web.Response(body=b" " * (MOST_BYTES + 2))
    sources = EndpointSources(lambda: None)
    await sources.use({"web": service(registry.url)}, Path())
    assert "larger than 16 MiB" in sources.status["web"].problem
    await sources.close()


async def test_what_the_mesh_names_no_more_is_not_asked(registry: Registry) -> None:
    registry.says(["10.0.0.1:80"])
    sources = EndpointSources(lambda: None)
    await sources.use({"web": service(registry.url)}, Path())
    # The same source goes on, and is not asked from the start.
    await sources.use({"web": service(registry.url), "more": service(registry.url)}, Path())
    assert sources.endpoints == {"web": (ONE,), "more": (ONE,)}
    await sources.use({}, Path())
    await asyncio.sleep(0.05)
    asked = registry.asked
    await asyncio.sleep(0.3)
    assert registry.asked == asked
    assert sources.endpoints == {}
    await sources.close()


async def test_a_registry_that_is_not_there_holds_nothing_up() -> None:
    sources = EndpointSources(lambda: None)
    async with asyncio.timeout(10):
        await sources.use({"web": service("http://127.0.0.1:9/")}, Path())
    assert sources.endpoints == {"web": ()}
    assert "127.0.0.1:9" in sources.status["web"].problem
    await sources.close()
