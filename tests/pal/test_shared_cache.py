"""The shared cache, natively and as Wasm."""

import random

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load

FILTER = "tests/pal/caching.py"


def value(host: Host, key: str) -> bytes | None:
    response = host.get(f"/get/{key}")
    return response.body if response.status == 200 else None


@pytest.mark.simulated("a test of the clock")
def test_an_entry_lives_its_time(load: Load) -> None:
    host = load(FILTER)
    assert value(host, "a") is None
    host.get("/set/a/1/100")
    host.advance(0.099)
    assert value(host, "a") == b"1"
    host.advance(0.001)
    assert value(host, "a") is None


def test_an_entry_is_replaced_and_removed(load: Load) -> None:
    host = load(FILTER)
    host.get("/set/a/1/100")
    host.get("/set/a/2/100")
    assert value(host, "a") == b"2"
    host.get("/remove/a")
    assert value(host, "a") is None
    assert host.shared_data == {"cache.0": b""}


def test_removing_what_is_not_there_stores_nothing(load: Load) -> None:
    host = load(FILTER)
    host.get("/remove/a")
    assert host.shared_data == {}


def test_an_empty_value_is_a_value(load: Load) -> None:
    host = load(FILTER)
    host.get("/set/a//100")
    assert value(host, "a") == b""


@pytest.mark.simulated("a test of the clock")
def test_a_full_slot_drops_what_would_expire_first(load: Load) -> None:
    host = load(FILTER, {"ways": 2})
    host.get("/set/a/1/300")
    host.get("/set/b/2/200")
    host.get("/set/c/3/100")
    assert [value(host, key) for key in "abc"] == [b"1", None, b"3"]


def test_an_expired_entry_makes_room(load: Load) -> None:
    host = load(FILTER, {"ways": 2})
    host.get("/set/a/1/1000")
    host.get("/set/b/2/10")
    host.advance(0.1)
    host.get("/set/c/3/1000")
    assert [value(host, key) for key in "abc"] == [b"1", None, b"3"]


def test_workers_share_it(load: Load) -> None:
    host = load(FILTER, {"slots": 16}, workers=2)
    host.request(path="/set/a/1/100", worker=0)
    assert host.request(path="/get/a", worker=1).body == b"1"


def test_a_thousand_keys_stay_in_bounds(load: Load) -> None:
    host = load(FILTER, {"slots": 8, "ways": 2}, leak_check=False)
    for number in range(300):
        host.get(f"/set/key-{number}/value/100000")
    assert len(host.shared_data) == 8
    assert all(len(slot) <= 2 * (16 + 7 + 5) for slot in host.shared_data.values())
    assert value(host, "key-299") == b"value"


def test_what_somebody_else_wrote_is_no_entry(load: Load) -> None:
    host = load(FILTER, vm_id="v")
    host.get("/set/a/1/100000")
    generator = random.Random(1)
    for _ in range(20):
        junk = generator.randbytes(generator.randrange(40))
        host.proxy.shared_data.set("v", "cache.0", junk, 0)
        assert value(host, "a") is None
    host.get("/set/a/1/100000")
    assert value(host, "a") == b"1"


def test_a_cache_without_room_is_refused(load: Load) -> None:
    with pytest.raises(ConfigurationRefusedError, match="expected at least 1 slot"):
        load(FILTER, {"slots": 0})


def test_an_update_starts_from_what_is_there(load: Load) -> None:
    host = load(FILTER)
    host.get("/append/a/1")
    host.get("/append/a/2")
    assert value(host, "a") == b"12"
    stored = dict(host.shared_data)
    host.get("/append/a/")
    assert dict(host.shared_data) == stored


def test_an_update_that_came_late_starts_again(load: Load) -> None:
    host = load(FILTER)
    host.get("/set/a/old/1000")
    host.get("/contend/a")
    assert value(host, "a") == b"quicker!"
