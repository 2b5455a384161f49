"""The pytest plugin: the fixture `load`, once in plain Python and once as Wasm.

def test_says_hello(load):
    host = load("filters/hello.py", configuration={"greeting": "hi"})
    response = host.get("/x", headers={"x-tenant": "gold"})
    assert response.headers["x-hello"] == "hi"

With `pytest --cpython` every such test also runs in profile cpython, which takes seconds for each
filter. A test marked `cpython` always does; one marked `cpython(only=True)` is of a filter that
profile aot refuses.

With `pytest --envoy` every such test runs in the real Envoy too, and what happened there is
compared with what happened in the test host.
"""

import hashlib
import importlib
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from mixer2.testhost.errors import NotInEnvoyError
from mixer2.testhost.host import Host
from mixer2.testhost.late_imports import is_tracing
from mixer2.testhost.loading import Target
from mixer2.testhost.loading import load as load_host
from mixer2.testhost.record import compare, record, without_crossings

Load = Callable[..., Host]
"""`load(source, configuration, ...)`: `mixer2.testhost.loading.load` without its first targets."""

_CPYTHON: Final = "cpython"
_ENVOY: Final = "envoy"
_POOL: Final = pytest.StashKey[Any]()
_RECORDS: Final = pytest.StashKey[dict[str, list[list[str]]]]()
_SKIPPED: Final = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cpython` and `--envoy`."""
    group = parser.getgroup("mixer2")
    group.addoption(
        "--cpython",
        action="store_true",
        help="run the tests of filters in profile cpython too (the extra `cpython`)",
    )
    group.addoption(
        "--envoy",
        action="store_true",
        help="run the tests of filters in the real Envoy too, and compare it with the test host",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.addinivalue_line(
        "markers",
        "cpython(only=False): a test that always runs in profile cpython too, or in no other",
    )
    config.addinivalue_line(
        "markers", "simulated(reason): a test that needs a simulated proxy, also with --envoy"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let every test that loads a filter run once per host."""
    if "mixer2_target" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("cpython")
        only = marker is not None and marker.kwargs.get("only", False)
        metafunc.parametrize(
            "mixer2_target", _targets(metafunc.config, marker is not None, only), indirect=True
        )


def _targets(config: pytest.Config, is_marked: bool, only: bool) -> list[str]:
    targets = [Target.NATIVE.value]
    if is_tracing():
        return targets
    if not only:
        targets.append(Target.WASM.value)
    if is_marked or config.getoption("--cpython"):
        targets.append(_CPYTHON)
    # Envoy compiles every module anew, which takes it seconds in profile cpython.
    if config.getoption("--envoy") and not only:
        targets.append(_ENVOY)
    return targets


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Skip, in Envoy, a test that asks for what only a simulated proxy can do; it says what."""
    try:
        return (yield)
    except NotInEnvoyError as reason:
        pyfuncitem.stash[_SKIPPED] = True
        pytest.skip(f"not in Envoy: {reason}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the Envoys of the run."""
    pool = config.stash.get(_POOL, None)
    if pool is not None:
        pool.close()


@pytest.fixture
def mixer2_target(request: pytest.FixtureRequest) -> str:
    """What the filters of a test run in: `native`, `wasm`, `cpython`, or `envoy`."""
    target: str = request.param
    reason = _simulated(request)
    if target == _ENVOY and reason:
        request.node.stash[_SKIPPED] = True
        pytest.skip(f"not in Envoy: {reason}")
    return target


@pytest.fixture
def load(request: pytest.FixtureRequest, mixer2_target: str) -> Iterator[Load]:
    """Load filters into test hosts; every test that takes this runs natively and as Wasm.

    The source is a path from where pytest was started or from the test's own folder, or the bytes
    of a module, which of course run as Wasm only. With `--envoy`, it runs in Envoy as well; a
    test that fails there, or that Envoy answers in another way, shows the difference.
    """
    hosts: list[Any] = []
    compiler = _compiler(request, mixer2_target)

    def load_one(source: str | Path | bytes, configuration: Any = None, **options: Any) -> Host:
        found = source if isinstance(source, bytes) else _find(Path(source), request)
        host: Any
        if mixer2_target == _ENVOY:
            host = _load_in_envoy(request.config, found, compiler, configuration, options)
        else:
            target = Target.NATIVE if mixer2_target == Target.NATIVE.value else Target.WASM
            comes_to_envoy = request.config.getoption("--envoy") and not _simulated(request)
            if target is Target.WASM and comes_to_envoy:
                # What Envoy gets over HTTP/1.1, for a fair comparison.
                options.setdefault("chunked", True)
            host = load_host(found, target, compiler, configuration, **options)
        hosts.append(host)
        return host  # type: ignore[no-any-return]

    yield load_one
    try:
        if request.config.getoption("--envoy") and mixer2_target in (Target.WASM.value, _ENVOY):
            _keep_or_compare(request, mixer2_target, hosts)
    finally:
        for host in reversed(hosts) if mixer2_target == _ENVOY else hosts:
            host.finish()


def compile_filter(source: Path) -> bytes:
    """Compile a filter in profile aot, once per session and content of its file.

    The compiler is looked up when it is needed: the test host runs modules of any origin without
    it, and the two know each other by this one function only.
    """
    return _compile(source, hashlib.sha256(source.read_bytes()).digest())


@cache
def _compile(source: Path, _digest: bytes) -> bytes:
    compiler: Any = importlib.import_module("mixer2.compiler")
    wasm: bytes = compiler.build(source).wasm
    return wasm


def _compiler(request: pytest.FixtureRequest, target: str) -> Callable[[Path], bytes]:
    """What makes modules for a target: profile cpython traces the test at hand."""
    if target != _CPYTHON:
        return compile_filter
    tests = request.path
    return lambda source: _build_cpython(
        source, tests, hashlib.sha256(source.read_bytes()).digest()
    )


@cache
def _build_cpython(source: Path, tests: Path, _digest: bytes) -> bytes:
    profile: Any = importlib.import_module("mixer2.component.build")
    trace: Any = importlib.import_module("mixer2.component.trace")
    wasm: bytes = profile.build(source, traced=trace.late_imports(source, [tests])).wasm
    return wasm


def _simulated(request: pytest.FixtureRequest) -> str:
    """Why a test is for the test hosts only; empty when it is not."""
    marker = request.node.get_closest_marker("simulated")
    if marker is None:
        return ""
    return str(marker.args[0]) if marker.args else "it is marked as simulated"


def _load_in_envoy(
    config: pytest.Config,
    source: Path | bytes,
    compiler: Callable[[Path], bytes],
    configuration: Any,
    options: dict[str, Any],
) -> Any:
    """Load into Envoy, which is looked up when it is asked for: most who test have none."""
    if _POOL not in config.stash:
        config.stash[_POOL] = importlib.import_module("mixer2.envoyhost").EnginePool()
    loading: Any = importlib.import_module("mixer2.envoyhost.loading")
    return loading.load_in_envoy(config.stash[_POOL], source, compiler, configuration, **options)


def _keep_or_compare(request: pytest.FixtureRequest, target: str, hosts: list[Any]) -> None:
    """Keep the test host's record until Envoy's comes; fail when the two differ."""
    function, _, parameters = request.node.nodeid.partition("[")
    name = f"{function}[{parameters.replace(target, '', 1)}"
    records = request.config.stash.setdefault(_RECORDS, {})
    # Crossings belong to a VM; plugins that share a worker share its log, which tells no VM.
    alone = len(hosts) == 1
    if target != _ENVOY:
        records[name] = [record(host, with_crossings=alone) for host in hosts]
        return
    expected = records.pop(name, None)
    if expected is None or request.node.stash.get(_SKIPPED, False):
        return
    observed = [record(host, with_crossings=alone and host.is_traced) for host in hosts]
    for index, host in enumerate(hosts[: len(expected)]):
        if not host.is_traced:
            expected[index] = without_crossings(expected[index])
    found = "\n".join(compare(*pair) for pair in zip(expected, observed, strict=False))
    if found.strip() or len(expected) != len(observed):
        pytest.fail(f"Envoy did not do as the test host:\n{found}", pytrace=False)


def _find(source: Path, request: pytest.FixtureRequest) -> Path:
    for folder in (Path.cwd(), request.config.rootpath, request.path.parent):
        if (folder / source).is_file():
            return (folder / source).resolve()
    raise FileNotFoundError(f"no filter {source}, neither from {Path.cwd()} nor beside the test")
