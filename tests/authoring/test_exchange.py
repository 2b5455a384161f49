"""What `mixer2 run --request` shows of a request and its response."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mixer2.authoring.console import AuthorConsole
from mixer2.authoring.echo import Echo
from mixer2.authoring.errors import RunError
from mixer2.authoring.exchange import Exchange, Request, compared, exchange
from mixer2.authoring.loop import RunOptions, run

HEADERS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=8)
FILTER = """
from pal import Action, HttpContext, PluginContext


class Gate(HttpContext):
    def on_request_headers(self, end_of_stream: bool) -> Action:
        if self.request_headers.get("x-key") is None:
            return self.send_local_response(401, b"no key")
        self.request_headers.remove("x-key")
        self.request_headers.set("x-user", "ann")
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-seen", "yes")
        return Action.CONTINUE


class GatePlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Gate(self)
"""


def shown(seen: Exchange) -> str:
    text = StringIO()
    AuthorConsole(Console(file=text, width=200, highlight=False)).exchange(seen)
    return text.getvalue()


@given(HEADERS, HEADERS)
def test_every_header_is_shown_once_for_each_side(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    lines = compared(before, after)

    assert Counter((name, value) for mark, name, value in lines if mark in " -") == Counter(before)
    assert Counter((name, value) for mark, name, value in lines if mark in " +") == Counter(after)
    # What is in both is never shown as a change.
    marks = {mark: {line[1:] for line in lines if line[0] == mark} for mark in "-+"}
    assert not marks["-"] & marks["+"]


def test_a_changed_value_stands_beneath_the_old_one() -> None:
    assert compared([("b", "1"), ("a", "1")], [("a", "2"), ("b", "1")]) == [
        ("-", "a", "1"),
        ("+", "a", "2"),
        (" ", "b", "1"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a?b=c", Request("GET", "/a?b=c")),
        ("a", Request("GET", "/a")),
        ("POST /orders", Request("POST", "/orders")),
    ],
)
def test_a_request_is_a_path_or_a_method_and_a_path(text: str, expected: Request) -> None:
    assert Request.parse(text) == expected


def test_headers_have_names_and_values() -> None:
    parsed = Request.parse("/", ["X-Tenant: gold", "empty:", "time: 10:30"])
    assert parsed.headers == (("x-tenant", "gold"), ("empty", ""), ("time", "10:30"))


@pytest.mark.parametrize(
    ("text", "headers", "complaint"),
    [
        ("get it /", (), "--request 'get it /': expected PATH, or METHOD PATH"),
        ("/", ["tenant"], "--header 'tenant': expected NAME: VALUE"),
        ("/", [": gold"], "--header ': gold': expected NAME: VALUE"),
    ],
)
def test_what_is_no_request(text: str, headers: list[str], complaint: str) -> None:
    with pytest.raises(RunError, match=complaint):
        Request.parse(text, headers)


async def test_an_echo_remembers_both_sides() -> None:
    echo = Echo()
    async with echo.serving() as port:
        seen = await exchange(
            f"http://127.0.0.1:{port}", Request("PUT", "/a?b", (("x-tenant", "gold"),)), echo
        )

    assert seen.arrived == seen.sent
    assert seen.answered == seen.received
    assert {(":method", "PUT"), (":path", "/a?b"), ("x-tenant", "gold")} <= set(seen.sent)


async def test_a_body_that_somebody_replaced_belongs_to_the_latest_request() -> None:
    echo = Echo()
    async with echo.serving() as port, aiohttp.ClientSession() as client:
        await client.get(f"http://127.0.0.1:{port}/first")
        already = echo.count
        assert echo.exchange_of(b"replaced", already) is None
        await client.get(f"http://127.0.0.1:{port}/second")
        seen = echo.exchange_of(b"replaced", already)

    assert seen is not None
    assert (":path", "/second") in seen.request


@asynccontextmanager
async def own_service() -> AsyncIterator[str]:
    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text="mine", headers={"x-mine": "yes"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{site.port}"
    finally:
        await runner.cleanup()


async def run_once(source: Path, request: Request, upstream: str | None = None) -> str:
    text = StringIO()
    console = AuthorConsole(Console(file=text, width=200, highlight=False))
    await run(RunOptions(source, None, upstream, 0, request, watch=False), console)
    return text.getvalue()


@pytest.mark.envoy
async def test_what_a_filter_did_to_a_request(tmp_path: Path) -> None:
    source = tmp_path / "gate.py"
    source.write_text(FILTER)

    passed = await run_once(source, Request.parse("/x", ["x-key: secret"]))
    assert "- x-key: secret" in passed
    assert "+ x-user: ann" in passed
    assert "+ x-seen: yes" in passed
    assert "  :path: /x" in passed

    refused = await run_once(source, Request.parse("/x"))
    assert "it did not reach the upstream" in refused
    assert "  :status: 401" in refused

    async with own_service() as url:
        own = await run_once(source, Request.parse("/x", ["x-key: secret"]), url)
    assert "  x-key: secret" in own
    assert "  x-mine: yes" in own
    assert "as the upstream got it" not in own


def test_only_what_is_known_is_shown() -> None:
    unseen = Exchange([(":path", "/")], None, None, [(":status", "200")], is_observed=False)
    assert shown(unseen).splitlines() == [
        "  request as the client sent it",
        "          :path: /",
        " response as the client got it",
        "          :status: 200",
    ]
