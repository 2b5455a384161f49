"""Which header maps are not fetched as a whole, and that nobody can tell."""

from pathlib import Path

import pytest
import wasmtime

from mixer2.compiler import build
from mixer2.testhost.loading import Target, load
from mixer2.testhost.plugin import compile_filter

PROGRAM = """
from pal import Action, HeadersUnavailableError, HttpContext, PluginContext, log
{imports}

class Stream(HttpContext):
    def on_request_headers(self, end_of_stream: bool) -> Action:
        {request}
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        {response}
        return Action.CONTINUE
{methods}

class Plugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Stream(self)
{plugin}
"""
PARTS = {
    **dict.fromkeys(("imports", "methods", "plugin"), ""),
    **dict.fromkeys(("request", "response"), "pass"),
}
READ = 'log.info(str(self.request_headers.get("X-A")))'
METHOD = "    def {0}(self{1}) -> {2}:\n        {3}"

# Every read and write there is, with all that can come of it.
DIRECT = {
    "a read": {"request": READ},
    "a test": {"request": 'log.info(str("x-a" in self.request_headers))'},
    "another name": {"request": 'log.info(self.request_headers.get("x-é") or "none")'},
    "writes": {
        "request": 'self.request_headers.set("x-a", "1"); self.request_headers.remove("x-b")',
        "response": 'self.response_headers.add("X-C", "2"); self.response_headers.add("x-c", "")',
    },
    "a read between writes": {
        "request": 'self.request_headers.add("x-a", "1"); ' + READ,
        "response": 'self.response_headers.set("x-a", "1")',
    },
    "a branch": {"request": f"if end_of_stream: {READ}"},
    "a map that is not there": {"response": READ},
    "a map that is not there, caught": {
        "response": f"try: {READ}\n        except HeadersUnavailableError as e: log.info(str(e))"
    },
    "a write where there is no map": {"request": 'self.response_headers.set("x-a", "1")'},
    "a name": {"request": 'headers = self.request_headers; log.info(str(headers.get("x-a")))'},
    "trailers": {
        "methods": METHOD.format("on_log", "", "None", 'self.response_trailers.get("x")')
    },
    "a write by a method": {
        "response": "self._later()",
        "methods": METHOD.format("_later", "", "None", 'self.response_headers.set("x-a", "2")'),
    },
}  # fmt: skip

OVERRIDDEN = """
    @property
    def request_headers(self) -> HeaderMap:
        log.info("asked")
        return self.response_headers
"""

WHOLE = {
    "a computed name": {"request": 'log.info(str(self.request_headers.get("x-" + "ab"[:1])))'},
    "the host": {"request": 'log.info(str(self.request_headers.get("Host")))'},
    "another context's": {
        "request": "first = self.first()\n        "
        'log.info(str(first.request_headers.get("x-a")))',
        "methods": METHOD.format("first", "", '"Stream"', "return self"),
    },
    "a property of its own": {
        "imports": "from pal import HeaderMap",
        "request": "self._write()",
        "methods": METHOD.format("_write", "", "None", 'self.request_headers.set("x-a", "1")')
        + OVERRIDDEN,
        "response": 'log.info(str(self.response_headers.get_all("x-a")))',
    },
    "two reads": {"request": f"{READ}; {READ}"},
    "two callbacks": {"request": READ, "response": READ},
    "a loop": {"request": f"for _ in range(2): {READ}"},
    "a callback that comes again": {
        "methods": METHOD.format(
            "on_request_body", ", size: int, end_of_stream: bool", "Action",
            f"{READ}; return Action.CONTINUE",
        )
    },
    "a method": {"request": "self._read()", "methods": METHOD.format("_read", "", "None", READ)},
    "a callback that is called": {
        "request": READ,
        "response": "self.on_request_headers(True)",
    },
    "all values": {"request": 'log.info(str(self.request_headers.get_all("x-a")))'},
    "a name, twice": {
        "request": 'headers = self.request_headers; headers.get("x-a"); headers.get("x-b")'
    },
    "a text": {"request": f"{READ}; log.info('request_headers')"},
}  # fmt: skip


def source(folder: Path, parts: dict[str, str]) -> Path:
    path = folder / "plugin.py"
    path.write_text(PROGRAM.format(**PARTS | parts), encoding="utf-8")
    return path


def fetches_whole_maps(path: Path) -> bool:
    module = wasmtime.Module(wasmtime.Engine(), build(path).wasm)
    return "proxy_get_header_map_pairs" in {imported.name for imported in module.imports}


@pytest.mark.parametrize("parts", DIRECT.values(), ids=DIRECT)
def test_maps_that_need_not_be_kept(tmp_path: Path, parts: dict[str, str]) -> None:
    assert not fetches_whole_maps(source(tmp_path, parts))


@pytest.mark.parametrize("parts", WHOLE.values(), ids=WHOLE)
def test_maps_that_are_read_again(tmp_path: Path, parts: dict[str, str]) -> None:
    assert fetches_whole_maps(source(tmp_path, parts))


@pytest.mark.parametrize("parts", (DIRECT | WHOLE).values(), ids=DIRECT | WHOLE)
def test_plain_python_and_compiled_agree(tmp_path: Path, parts: dict[str, str]) -> None:
    path = source(tmp_path, parts)
    assert seen(path, Target.WASM) == seen(path, Target.NATIVE)


def seen(path: Path, target: Target) -> list[object]:
    """What clients, upstreams and the log get to see of requests with all kinds of headers."""
    host = load(path, target, compile_filter, strict=False)
    responses = [
        host.post("/", headers=headers, body=body)
        for headers in ({}, {"x-a": "1"}, {"x-a": "a,b", "x-b": ""}, {"X-A": "\udce9"})
        for body in (b"", b"data")
    ]
    return [
        [response.headers.items() for response in responses],
        [request.headers.items() for request in host.upstream_requests],
        [str(line).splitlines()[-1] for line in host.log],
    ]
