"""The author's loop, as an author goes through it: run, edit, err, mend."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from mixer2.authoring.configuration import read_configuration
from mixer2.authoring.console import AuthorConsole
from mixer2.authoring.errors import RunError
from mixer2.authoring.exchange import Request
from mixer2.authoring.loop import RunOptions, run
from mixer2.authoring.profile import Profile
from mixer2.authoring.session import Delivery
from mixer2.authoring.upstream import upstream
from mixer2.envoy.admin import Bucket, Histogram

HELLO = Path(__file__).parents[2] / "filters" / "hello.py"
PATIENCE_S = 30.0
# A snapshot takes seconds, and so does V8.
CPYTHON_PATIENCE_S = 240.0


class Screen:
    """What the author's terminal shows."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._text = StringIO()
        terminal = Console(file=self._text, width=400, highlight=False, soft_wrap=True)
        self.console = AuthorConsole(terminal)

    @property
    def text(self) -> str:
        return self._text.getvalue()

    async def shows(self, wanted: Callable[[str], bool]) -> str:
        async with asyncio.timeout(self.patience_s):
            while not wanted(self.text):
                await asyncio.sleep(0.05)
        return self.text


@asynccontextmanager
async def running(
    source: Path, configuration: Path | None = None, profile: Profile = Profile.AOT
) -> AsyncIterator[Screen]:
    screen = Screen(PATIENCE_S if profile is Profile.AOT else CPYTHON_PATIENCE_S)
    request = Request("GET", "/greeting")
    options = RunOptions(source, configuration, None, 0, request, watch=True, profile=profile)
    task = asyncio.create_task(run(options, screen.console))
    try:
        await screen.shows(lambda text: "+ as the client got it" in text or task.done())
        yield screen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.envoy
async def test_an_hour_of_an_author(tmp_path: Path) -> None:
    source = tmp_path / "hello.py"
    text = HELLO.read_text()
    source.write_text(text)
    async with running(source) as screen:
        assert "x-hello: from Python" in screen.text

        source.write_text(text.replace("from Python", "again"))
        shown = await screen.shows(lambda shown: "x-hello: again" in shown)
        assert re.search(r"in force in \d+ ms, \d+ ms after the save", shown)

        source.write_text(text.replace("-> Action:", "-> str:"))
        shown = await screen.shows(lambda shown: "refused" in shown)
        assert 'hello.py:9:5: Return type "str" of "on_response_headers" incompatible' in shown

        source.write_text(text.replace("return Action.CONTINUE", 'raise ValueError("boom")'))
        shown = await screen.shows(lambda shown: "ValueError: boom" in shown)
        assert 'File "hello.py", line 12, in on_response_headers' in shown
        await screen.shows(lambda shown: "mixer2_callback_errors_total" in shown)


@pytest.mark.envoy
async def test_in_profile_cpython(tmp_path: Path) -> None:
    source = tmp_path / "hello.py"
    text = HELLO.read_text()
    source.write_text(text)
    async with running(source, profile=Profile.CPYTHON) as screen:
        assert "x-hello: from Python" in screen.text

        source.write_text(text.replace('"from Python"', 'str(eval("6 * 7"))'))
        shown = await screen.shows(lambda shown: "x-hello: 42" in shown)
        assert re.search(r"in force in \d+ ms, \d+ ms after the save", shown)

        source.write_text(f"import absent\n{text}")
        shown = await screen.shows(lambda shown: "refused" in shown or "absent" in shown)
        assert "hello.py:1:1: error: when the filter was imported" in shown


@pytest.mark.envoy
async def test_a_port_that_is_taken() -> None:
    screen = Screen()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = RunOptions(HELLO, None, None, port, None, watch=True)

        with pytest.raises(RunError, match=f"no requests on port {port}"):
            await run(options, screen.console)

    assert "Address already in use; nothing is in force" in screen.text


def test_a_refusal_says_what_serves() -> None:
    screen = Screen()
    for delivery in (Delivery(0.1, "bad"), Delivery(0.1), Delivery(0.1, "worse")):
        screen.console.delivered(delivery)

    assert "bad; nothing is in force" in screen.text
    assert "worse; the one before keeps serving" in screen.text


def test_metrics_are_shown_when_they_change() -> None:
    screen = Screen()
    slow = Histogram((Bucket(lower=10.0, width=2.0, count=3),))
    slower = Histogram((*slow.buckets, Bucket(lower=99.0, width=2.0, count=1)))
    for stats, histogram in (
        ({"a": 1, "b": 0}, slow),
        ({"a": 1, "b": 2}, slow),
        ({"a": 0}, slower),
    ):
        screen.console.stats({f"wasmcustom.{name}": value for name, value in stats.items()})
        screen.console.histograms({"wasmcustom.ms": histogram})

    assert [line.split(maxsplit=1)[1] for line in screen.text.splitlines()] == [
        "a 1 (+1)",
        "ms 3 samples (+3), mean 11",
        "b 2 (+2)",
        "a 0 (-1)",
        "ms 4 samples (+1), mean 33.2",
    ]


def test_yaml_becomes_json(tmp_path: Path) -> None:
    path = tmp_path / "plugin.yaml"
    path.write_text("tenant_header: x-team\nmax_tenants: 5\n")
    assert read_configuration(path) == b'{"tenant_header": "x-team", "max_tenants": 5}'


def test_bad_yaml_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "plugin.yaml"
    path.write_text("a: 1\nb: [\n")
    with pytest.raises(RunError, match=r"plugin\.yaml:3:1: "):
        read_configuration(path)


def test_what_is_not_yaml_goes_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plugin.bin"
    path.write_bytes(b"\x00\xff")
    assert read_configuration(path) == b"\x00\xff"


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "nonsense", "http://127.0.0.1:99999"])
async def test_an_upstream_that_cannot_be(url: str) -> None:
    with pytest.raises(RunError, match="--upstream"):
        async with upstream(url):
            pass
