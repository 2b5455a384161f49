"""Code is built when it changed, and not otherwise."""

from pathlib import Path

import pytest
import structlog

from mixer2.control import builder
from mixer2.control.code import CodeFiles
from mixer2.control.errors import CodeError

FILTER = """\
from greeting import GREETING
from pal import HttpContext, PluginContext, log


class Greeter(PluginContext):
    def create_http_context(self) -> HttpContext:
        log.info(GREETING)
        return HttpContext(self)
"""


async def test_a_wasm_file_is_read_again_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.wasm"
    code = CodeFiles()
    with pytest.raises(CodeError, match=r"a\.wasm: No such file"):
        await code.module_of(path)
    path.write_bytes(b"one")
    assert await code.module_of(path) == b"one"
    path.write_bytes(b"three")
    assert await code.module_of(path) == b"three"
    path.unlink()
    with pytest.raises(CodeError):
        await code.module_of(path)


async def test_python_is_built_again_when_what_it_imports_changed(tmp_path: Path) -> None:
    path, imported = tmp_path / "greeter.py", tmp_path / "greeting.py"
    path.write_text(FILTER)
    imported.write_text('GREETING = "hello from one"\n')
    code = CodeFiles()
    first = await code.module_of(path)
    assert b"hello from one" in first
    code.changed([tmp_path / "mesh.yaml", tmp_path.parent / "other.py"])
    assert await code.module_of(path) is first
    imported.write_text('GREETING = "hello from two"\n')
    code.changed([imported])
    assert b"hello from two" in await code.module_of(path)
    imported.write_text("GREETING = 1\n")
    code.changed([imported])
    with pytest.raises(CodeError, match=r"greeter\.py:7:"):
        await code.module_of(path)


async def test_a_build_that_takes_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "greeter.py").write_text(FILTER)
    (tmp_path / "greeting.py").write_text('GREETING = "hello"\n')
    monkeypatch.setattr(builder, "_PATIENCE_S", 0.001)
    told = structlog.testing.CapturingLogger()
    monkeypatch.setattr(builder, "_log", structlog.wrap_logger(told, [], structlog.BoundLogger))

    await CodeFiles().module_of(tmp_path / "greeter.py")

    (call,) = told.calls
    assert call.kwargs == {"event": "code.building", "source": str(tmp_path / "greeter.py")}
