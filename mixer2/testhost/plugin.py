"""The pytest plugin: the fixture `load`, once in plain Python and once as Wasm.

def test_says_hello(load):
    host = load("filters/hello.py", configuration={"greeting": "hi"})
    response = host.get("/x", headers={"x-tenant": "gold"})
    assert response.headers["x-hello"] == "hi"
"""

import hashlib
import importlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mixer2.testhost.client import Host
from mixer2.testhost.loading import Target
from mixer2.testhost.loading import load as load_host

Load = Callable[..., Host]
"""`load(source, configuration, ...)`: `mixer2.testhost.loading.load` without its first targets."""


@pytest.fixture(params=list(Target), ids=[target.value for target in Target])
def load(request: pytest.FixtureRequest) -> Iterator[Load]:
    """Load filters into test hosts; every test that takes this runs natively and as Wasm.

    The source is a path from where pytest was started or from the test's own folder, or the bytes
    of a module, which of course run as Wasm only.
    """
    hosts: list[Host] = []

    def load_one(source: str | Path | bytes, configuration: Any = None, **options: Any) -> Host:
        found = source if isinstance(source, bytes) else _find(Path(source), request)
        host = load_host(found, request.param, compile_filter, configuration, **options)
        hosts.append(host)
        return host

    yield load_one
    for host in hosts:
        host.finish()


def compile_filter(source: Path) -> bytes:
    """Compile a filter, once per session and content of its file.

    The compiler is looked up when it is needed: the test host runs modules of any origin without
    it, and the two know each other by this one function only.
    """
    return _compile(source, hashlib.sha256(source.read_bytes()).digest())


@cache
def _compile(source: Path, _digest: bytes) -> bytes:
    compiler: Any = importlib.import_module("mixer2.compiler")
    wasm: bytes = compiler.build(source).wasm
    return wasm


def _find(source: Path, request: pytest.FixtureRequest) -> Path:
    for folder in (Path.cwd(), request.config.rootpath, request.path.parent):
        if (folder / source).is_file():
            return (folder / source).resolve()
    raise FileNotFoundError(f"no filter {source}, neither from {Path.cwd()} nor beside the test")
