"""Filters in the test host, in plain Python."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mixer2.testhost import Host, Target
from mixer2.testhost import load as load_host
from mixer2.testhost.plugin import Load, compile_filter
from tests.pal.conftest import host as fake_host

__all__ = ["fake_host"]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def load() -> Iterator[Load]:
    """The fixture of `mixer2.testhost.plugin`, native half."""
    hosts: list[Host] = []

    def load_one(source: str, configuration: Any = None, **options: Any) -> Host:
        found = load_host(ROOT / source, Target.NATIVE, compile_filter, configuration, **options)
        hosts.append(found)
        return found

    yield load_one
    for found in hosts:
        found.finish()
