import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import structlog

from tests.control.upstreams import Upstream


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Log errors only; `capture_logs` sees everything all the same."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def one() -> AsyncIterator[Upstream]:
    async with Upstream("one") as upstream:
        yield upstream


@pytest_asyncio.fixture
async def two() -> AsyncIterator[Upstream]:
    async with Upstream("two") as upstream:
        yield upstream
