"""One linked run-time per session, one instance per test."""

import pytest

from tests.runtime.harness import LinkedRuntime, Runtime


@pytest.fixture(scope="session")
def linked() -> LinkedRuntime:
    return LinkedRuntime()


@pytest.fixture
def runtime(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)
