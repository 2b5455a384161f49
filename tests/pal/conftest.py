"""The fake proxy, installed."""

from collections.abc import Iterator
from typing import cast

import pytest

from pal import dispatch, hostcalls
from tests.pal.fake_host import FakeHost


@pytest.fixture
def host() -> Iterator[FakeHost]:
    """The proxy, installed under `pal.hostcalls`."""
    fake = FakeHost()
    hostcalls.install(cast("hostcalls.Host", fake))
    dispatch.reset()
    yield fake
    dispatch.reset()
    hostcalls.install(None)
