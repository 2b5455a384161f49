"""The committed run-time is what its sources give."""

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.runtime.harness import RUNTIME

BUILD = Path(__file__).parents[2] / "build" / "runtime" / "build.py"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """build.py, which no package holds."""
    spec = importlib.util.spec_from_file_location("runtime_build", BUILD)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_was_built_from_these_sources(build: ModuleType) -> None:
    """Needs no compiler: the artefact carries a digest of what it was built from."""
    assert build.recorded_digest(RUNTIME.read_bytes()) == build.source_digest(), (
        "the sources in build/runtime changed: run `make artefacts`"
    )


def test_building_again_gives_the_same_bytes(build: ModuleType, tmp_path: Path) -> None:
    again = tmp_path / "runtime.wasm"
    build.build(again)
    assert (
        hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(RUNTIME.read_bytes()).digest()
    )


def test_it_tells_nothing_of_where_it_was_built(build: ModuleType) -> None:
    module = RUNTIME.read_bytes()
    names = {build.custom_name(body) for kind, body, _ in build.sections(module) if kind == 0}
    expected = {"linking", "reloc.CODE", "reloc.DATA", "target_features"}
    assert names == expected | {build.SOURCES_SECTION}
    assert str(BUILD.parents[2]).encode() not in module


def test_it_needs_no_more_than_every_host_has(build: ModuleType) -> None:
    module = RUNTIME.read_bytes()
    payload = next(
        body
        for kind, body, _ in build.sections(module)
        if kind == 0 and build.custom_name(body) == "target_features"
    )
    for feature in (b"simd", b"reference-types", b"multivalue", b"tail-call", b"atomics"):
        assert b"+" + leb(feature) not in payload


def leb(name: bytes) -> bytes:
    return bytes([len(name)]) + name


def test_a_source_that_does_not_compile(
    build: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.c").write_text("int f(void) { return x; }\n", encoding="ascii")
    target = tmp_path / "out.wasm"
    with pytest.raises(Exception, match=r"broken\.c"):
        build.build(target, tmp_path)
    assert not target.exists()
    assert "undeclared identifier 'x'" in capfd.readouterr().err
