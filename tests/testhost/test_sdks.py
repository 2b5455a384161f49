"""Modules that other toolchains build: C++, Rust and Go, laid out as their SDKs lay them out.

The sources are in `sdks`, raw against the ABI: the SDKs themselves are not on the package index.
`make sdks` installs the toolchains, builds, and runs this in the test host and in Envoy.
"""

import pytest

from mixer2.testhost import ConfigurationRefusedError, FailurePolicy, TrapError
from mixer2.testhost.module_rules import check_module
from mixer2.testhost.plugin import Load
from mixer2.testhost.wasm_interface import read_interface
from tests.testhost.sdks.build import LANGUAGES, module


@pytest.fixture(params=LANGUAGES)
def built(request: pytest.FixtureRequest, mixer2_target: str) -> bytes:
    if mixer2_target == "native":
        pytest.skip("a module has no source to run in plain Python")
    path = module(request.param)
    if not path.exists():
        pytest.skip(f"{path.name} is not built: make sdks")
    return path.read_bytes()


def test_it_serves(load: Load, built: bytes) -> None:
    host = load(built, "hi there", leak_check=False)

    response = host.get("/a", {"x-tenant": "gold"})

    assert response.status == 200
    assert response.headers["x-greeting"] == "hi there"
    assert response.headers["x-year-is-later-than-2000"] == "yes"
    assert "path /a of gold" in host.log_lines
    assert host.stats["sdk_requests_total"] == 1


def test_what_is_printed_goes_to_the_log(load: Load, built: bytes) -> None:
    host = load(built, "hi", leak_check=False)
    host.advance(0.2)
    lines = [str(line) for line in host.log]
    assert any(line.startswith("[info]") and line.endswith("constructed") for line in lines)
    assert any(line.startswith("[error]") and line.endswith("ticked") for line in lines)


def test_memory_grows(load: Load, built: bytes) -> None:
    host = load(built, "hi", leak_check=False)
    for _ in range(5):
        assert host.get("/grow").status == 200
    assert host.get("/a").headers["x-greeting"] == "hi"


def test_it_may_refuse(load: Load, built: bytes) -> None:
    with pytest.raises(ConfigurationRefusedError):
        load(built, "refuse")


def test_a_panic_is_a_trap(load: Load, built: bytes) -> None:
    host = load(built, "hi", leak_check=False)
    with pytest.raises(TrapError):
        host.get("/trap")


def test_a_trap_under_a_failure_policy(load: Load, built: bytes) -> None:
    host = load(built, "hi", failure_policy=FailurePolicy.FAIL_RELOAD, leak_check=False)
    assert host.get("/a").status == 200
    assert host.get("/trap").status == 503


def test_how_they_are_laid_out() -> None:
    """What makes these modules different from ours, and from each other."""
    layouts = {}
    for language in LANGUAGES:
        path = module(language)
        if not path.exists():
            pytest.skip(f"{path.name} is not built: make sdks")
        check_module(path.read_bytes())
        interface = read_interface(path.read_bytes())
        exports = {item.name for item in interface.exports}
        assert "_initialize" in exports
        assert any(item.name.startswith("wasi_snapshot_preview1.") for item in interface.imports)
        layouts[language] = exports & {
            "malloc",
            "proxy_on_memory_allocate",
            "proxy_abi_version_0_2_0",
            "proxy_abi_version_0_2_1",
        }
    assert layouts == {
        "cpp": {"malloc", "proxy_abi_version_0_2_0"},
        "rust": {"proxy_on_memory_allocate", "proxy_abi_version_0_2_1"},
        "go": {"proxy_on_memory_allocate", "proxy_abi_version_0_2_1"},
    }
