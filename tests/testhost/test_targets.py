"""Plain Python and the compiled module: the same callbacks, the same transcript."""

from pathlib import Path

import pytest

from mixer2.testhost import Host, Response, Target, load
from mixer2.testhost.plugin import compile_filter

ROOT = Path(__file__).parents[2]
FILTERS = sorted(path for path in (ROOT / "filters").glob("*.py") if path.stem != "__init__")


def both(source: Path) -> tuple[Host, Host]:
    native, wasm = (load(source, target, compile_filter) for target in Target)
    return native, wasm


@pytest.mark.parametrize("source", FILTERS, ids=lambda path: path.stem)
def test_the_same_callbacks_are_exported(source: Path) -> None:
    native, wasm = both(source)

    assert native.workers[0].vm.exports == wasm.workers[0].vm.exports


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

    assert native.transcript.lines == wasm.transcript.lines
