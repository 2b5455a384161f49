"""Backtraces with the author's lines, and what a module consists of."""

from pathlib import Path

import pytest
import wasmtime
from typer.testing import CliRunner

from mixer2.cli import app
from mixer2.compiler import build
from mixer2.compiler.symbolize import OtherBuildError, symbolize
from tests.compiler.dialect.harness import Instance

_FILTER = """\
from pal import PluginContext


def spin(text: str) -> int:
    count = 0
    while len(text) < 10:
        count += len(
            text.upper()
        )
    return count


class Spinning(PluginContext):
    def on_configure(self) -> bool:
        first = self.configuration.decode()
        return spin(first) == 0
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("symbolize") / "spinning.py"
    path.write_text(_FILTER)
    return path


@pytest.fixture(scope="module")
def backtrace(source: Path) -> list[str]:
    """What wasmtime says when the guest does not end."""
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    instance = Instance(wasmtime.Module(engine, build(source).wasm), engine, fuel=1_000_000)
    with pytest.raises((wasmtime.Trap, wasmtime.WasmtimeError)) as trap:
        instance.run("abc")
    return str(trap.value).splitlines()


def test_frames_get_files_and_lines(source: Path, backtrace: list[str]) -> None:
    told = "\n".join(symbolize(build(source), backtrace))

    assert "Spinning.on_configure  (spinning.py:16)" in told
    assert any(f"spinning.spin  (spinning.py:{line})" in told for line in (6, 7, 8))
    assert "dispatch.proxy_on_configure  (pal/dispatch.py:" in told


def test_lines_of_v8_and_of_others_are_told_apart(source: Path) -> None:
    artefact = build(source)
    whole = next(f for f in artefact.lines if f.name == "Spinning.on_configure")
    spin = next(f for f in whole.with_parts() if f.name == "spinning.spin")
    runtime = next(f for f in artefact.lines if f.name == "mixer2_alloc")
    log = [
        "[critical] Function: proxy_on_configure failed: Uncaught RuntimeError: unreachable",
        "Proxy-Wasm plugin in-VM backtrace:",
        f"  0:  0x{runtime.start + 5:x} - unknown(function index:12)",
        f"  1:  0x{spin.calls[0][0]:x} - Spinning.on_configure",
    ]

    assert list(symbolize(artefact, log)) == [
        *log[:2],
        f"{log[2]}  (run-time: mixer2_alloc)",
        # The one is a part of the other.
        f"  1:  0x{spin.calls[0][0]:x} - spinning.spin  (spinning.py:{spin.calls[0][1]})",
        f"{log[3]}  (spinning.py:16)",
    ]


def test_a_log_of_another_build_is_refused(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "envoy.log"
    log.write_text("  1:  0x60 - filters.other.Other.on_tick\n")

    with pytest.raises(OtherBuildError, match=r"line 1 of the log: at 0x60 .*another build"):
        list(symbolize(build(source), log.read_text().splitlines()))
    result = CliRunner().invoke(app, ["symbolize", str(source), str(log)])
    assert result.exit_code == 1
    assert "another build" in result.stderr


def test_a_cached_artefact_tells_the_same(source: Path, tmp_path: Path) -> None:
    fresh = build(source, cache_folder=tmp_path)
    cached = build(source, cache_folder=tmp_path)
    assert cached.lines == fresh.lines


def test_explain_accounts_for_every_byte_of_code(source: Path) -> None:
    result = CliRunner().invoke(app, ["build", str(source), "--explain"])

    assert result.exit_code == 0
    sizes = [int(line[:8].replace(",", "")) for line in result.stdout.splitlines()[:5]]
    artefact = build(source)
    assert sizes[0] == len(artefact.wasm)
    assert sum(sizes[1:4]) == sum(artefact.function_sizes.values())
    assert "spinning.py" in result.stdout
    assert "CPyStr_Upper  <-  spinning.spin" in result.stdout
    assert not source.with_suffix(".wasm").exists()


def test_ir_is_that_of_the_authors_modules(source: Path) -> None:
    result = CliRunner().invoke(app, ["build", str(source), "--ir"])

    assert result.exit_code == 0
    assert "def spin(text):" in result.stdout
    assert "proxy_on_configure" not in result.stdout
    assert not source.with_suffix(".wasm").exists()
