"""The demo's filter, compiled once a session by the command that its author would type."""

import asyncio
from pathlib import Path

import pytest

from e2e.demo import telemetry
from mixer2.testhost.plugin import compile_filter
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.modules import WasmModule


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> WasmModule:
    path = tmp_path_factory.mktemp("built") / "http_telemetry.wasm"
    asyncio.run(telemetry.build(path))
    return WasmModule.read(path)


@pytest.fixture
def plugin(module: WasmModule) -> WasmPlugin:
    return WasmPlugin(
        name=telemetry.NAME,
        module=module,
        configuration=telemetry.configuration(telemetry.SIGNATURE_BEFORE),
    )


@pytest.fixture(scope="session")
def mixer() -> WasmModule:
    """The mixer, compiled."""
    return WasmModule.of(compile_filter(Path("filters/mixer.py").resolve()))
