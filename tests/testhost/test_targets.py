"""Plain Python and the compiled module: the same callbacks, the same transcript."""

from pathlib import Path

import pytest

from mixer2.testhost import Host, LeakError, Response, Target, load
from mixer2.testhost.plugin import compile_filter

ROOT = Path(__file__).parents[2]
# What tells of contexts; compiled filters do without where contexts remember nothing.
LIVES = ("proxy_on_context_create", "proxy_on_delete")
# What such a filter asks instead, when it is configured.
ASKED = "env.proxy_get_property"
WAYS = ("host->vm", "host<-vm", "vm->host", "vm<-host")
FILTERS = sorted(path for path in (ROOT / "filters").glob("*.py") if path.stem != "__init__")


def both(source: Path) -> tuple[Host, Host]:
    native, wasm = (load(source, target, compile_filter) for target in Target)
    return native, wasm


@pytest.mark.parametrize("source", FILTERS, ids=lambda path: path.stem)
def test_the_same_callbacks_are_exported(source: Path) -> None:
    native, wasm = both(source)

    compiled = wasm.workers[0].vm.exports
    stateless = not compiled.intersection(LIVES)
    assert native.workers[0].vm.exports.difference(LIVES if stateless else ()) == compiled


@pytest.mark.parametrize("source", FILTERS, ids=lambda path: path.stem)
def test_the_same_crossings_happen(source: Path) -> None:
    native, wasm = both(source)
    for host in (native, wasm):
        host.request(
            "POST",
            "/x?y",
            {"x-tenant": "gold"},
            [b"one", b"two"],
            {"x-t": "1"},
            Response(201, {"x-r": "1"}, b"answer"),
        )
        host.get("/absent", upstream=Response(404))

    stateless = not wasm.workers[0].vm.exports.intersection(LIVES)
    left_out = (*LIVES, ASKED) if stateless else ()
    assert _without(left_out, native) == _without(left_out, wasm)


def _without(names: tuple[str, ...], host: Host) -> list[str]:
    starts = tuple(f"[{way}] {name}" for name in names for way in WAYS)
    return [line for line in host.transcript.lines if not line.startswith(starts)]


LEAKING = """
from pal import Action, HttpContext, PluginContext

_seen: list[str] = []

class Leaking(HttpContext):
    def on_request_headers(self, end_of_stream: bool) -> Action:
        _seen.append(f"request {len(_seen)}")
        return Action.CONTINUE

class LeakingPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Leaking(self)
"""


@pytest.mark.parametrize("leak_check", [False, True])
def test_a_compiled_filter_that_leaks_is_found(tmp_path: Path, leak_check: bool) -> None:
    source = tmp_path / "leaking.py"
    source.write_text(LEAKING)
    host = load(source, Target.WASM, compile_filter, leak_check=leak_check)
    host.get("/")

    if leak_check:
        with pytest.raises(LeakError, match="holds more objects after each of 4 equal requests"):
            host.finish()
    else:
        host.finish()
