"""Values that all workers share, natively and as Wasm."""

from collections.abc import Iterator
from typing import cast

import pytest

from mixer2.testhost import Host
from mixer2.testhost.plugin import Load
from pal import hostcalls, status
from pal.errors import HostcallError
from pal.shared_data import SharedValue


@pytest.fixture
def host(load: Load) -> Host:
    return load("tests/pal/sharing.py", vm_id="shared")


def test_nothing_is_there_until_somebody_stores_it(host: Host) -> None:
    assert host.get("/get").body == b"nothing"
    host.get("/set/one")
    assert host.get("/get").body == b"=one"
    assert host.shared_data == {"key": b"one"}


def test_an_empty_value_is_a_value(host: Host) -> None:
    host.get("/set/")
    assert host.get("/get").body == b"="


def test_an_update_starts_from_nothing_and_goes_on_from_what_is_there(host: Host) -> None:
    assert host.get("/append/a").body == b"a"
    assert host.get("/append/b").body == b"ab"
    assert host.shared_data == {"key": b"ab"}


def test_a_value_is_replaced_while_it_is_the_one_that_was_read(host: Host) -> None:
    host.get("/set/one")
    assert host.get("/replace/two").body == b"replaced"
    assert host.get("/replace-stale/three").body == b"refused"
    assert host.shared_data == {"key": b"quicker"}


def test_a_missing_value_is_created_once(host: Host) -> None:
    """Who found nothing there must not overwrite what another worker created meanwhile."""
    assert host.get("/replace-stale/mine").body == b"refused"
    assert host.shared_data == {"key": b"quicker"}


def test_an_update_that_is_always_late_gives_up(host: Host) -> None:
    assert host.get("/contend").body == b"key: changed by others 100 times in a row"
    assert host.shared_data == {"key": b"somebody else's"}


class RefusingHost:
    """Answers every call with one status."""

    def __init__(self, code: int) -> None:
        self._code = code

    def last_status(self) -> int:
        return self._code

    def get_shared_data(self, key: str) -> bytes | None:
        return None

    def set_shared_data(self, key: str, value: bytes, cas: int) -> int:
        return self._code


@pytest.fixture
def refused() -> Iterator[SharedValue]:
    host = RefusingHost(status.INTERNAL_FAILURE)
    hostcalls.install(cast("hostcalls.Host", host))
    yield SharedValue("key")
    hostcalls.install(None)


def test_a_refusal_is_an_error(refused: SharedValue) -> None:
    with pytest.raises(HostcallError, match="get_shared_data"):
        refused.get()
    with pytest.raises(HostcallError, match="set_shared_data"):
        refused.set(b"value")
    with pytest.raises(HostcallError, match="set_shared_data"):
        refused.replace(b"value", 1)
