"""`mixer2 lint`, and what `mixer2 build` refuses to write."""

from dataclasses import replace
from pathlib import Path

import pytest
import wasmtime
from typer.testing import CliRunner, Result

import mixer2.compiler
from mixer2.cli import app

HELLO = Path(__file__).parents[2] / "filters" / "hello.py"
DEADLY = bytes(
    wasmtime.wat2wasm(
        '(module (func (export "proxy_abi_version_0_2_1")) (func (export "f") (param v128)))'
    )
)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_modules_of_any_origin_are_judged(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.wasm", tmp_path / "bad.wasm"
    assert invoke("build", HELLO, "-o", good).exit_code == 0
    bad.write_bytes(DEADLY)

    result = invoke("lint", good, bad, tmp_path / "absent.wasm")

    assert result.exit_code == 1
    assert f"{good}: fit for Envoy" in result.stdout
    assert f"{bad}: f has type v128 -> void: v128 at the border kills Envoy" in result.stderr
    assert "absent.wasm: cannot be read: No such file" in result.stderr


def test_build_writes_nothing_that_envoy_would_not_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artefact = replace(mixer2.compiler.build(HELLO), wasm=DEADLY)
    monkeypatch.setattr(mixer2.compiler, "build", lambda _: artefact)

    result = invoke("build", HELLO, "-o", tmp_path / "out.wasm")

    assert result.exit_code == 1
    assert "v128 at the border kills Envoy" in result.stderr
    assert list(tmp_path.iterdir()) == []
