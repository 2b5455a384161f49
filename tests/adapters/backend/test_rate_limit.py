"""The kind `rate_limit`, natively and as Wasm."""

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/checking.py"


def limited(load: Load, *names: str, **settings: object) -> Host:
    configuration = {"kind": "rate_limit", "settings": settings, "names": names}
    return load(FILTER, configuration)


def statuses(host: Host, count: int, **headers: str) -> list[int]:
    return [host.get("/", headers).status for _ in range(count)]


def test_so_many_pass_and_the_next_waits_for_a_token(load: Load) -> None:
    host = limited(load, requests=3, per="3s")
    assert statuses(host, 5) == [200, 200, 200, 429, 429]
    host.advance(0.999)
    assert statuses(host, 1) == [429]
    host.advance(0.001)
    assert statuses(host, 2) == [200, 429]


def test_a_burst_may_be_larger_than_what_is_gained(load: Load) -> None:
    host = limited(load, requests=1, per="1s", burst=4)
    assert statuses(host, 5) == [200] * 4 + [429]
    host.advance(60)
    assert statuses(host, 5) == [200] * 4 + [429]


def test_clients_are_told(load: Load) -> None:
    host = limited(load, requests=2, per="10s")
    headers = host.get("/").headers
    assert headers["x-ratelimit-limit"] == "2, 2;w=10"
    assert (headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"]) == ("1", "5")
    assert "retry-after" not in headers
    host.get("/")
    denied = host.get("/")
    assert (denied.status, denied.headers["retry-after"]) == (429, "5")
    assert denied.headers["x-ratelimit-remaining"] == "0"


def test_they_need_not_be_told(load: Load) -> None:
    host = limited(load, requests=1, headers=False)
    assert "x-ratelimit-limit" not in host.get("/").headers
    assert "x-ratelimit-limit" not in host.get("/").headers


def test_values_have_buckets_of_their_own(load: Load) -> None:
    host = limited(load, "user", "tenant", requests=1, per="60s")
    for _ in range(2):
        status = host.get("/", {"user": "a", "tenant": "b"}).status
    assert status == 429
    for user, tenant in [("b", "a"), ("ab", ""), ("", "ab"), ("a1:b", ""), ("1:a", "b")]:
        assert host.get("/", {"user": user, "tenant": tenant}).status == 200


def test_long_values_are_told_apart_and_take_little_memory(load: Load) -> None:
    host = limited(load, "user", requests=1, per="60s", max_keys=4)
    for end in "xyx":
        status = host.get("/", {"user": "u" * 50_000 + end}).status
    assert status == 429
    assert sum(len(one) for one in host.shared_data.values()) < 1_000


def test_many_values_take_bounded_memory(load: Load) -> None:
    host = limited(load, "user", requests=1, per="60s", max_keys=16)
    for number in range(200):
        assert host.get("/", {"user": f"user-{number}"}).status == 200
    assert len(host.shared_data) <= 4
    assert sum(len(one) for one in host.shared_data.values()) < 16 * 64


def test_workers_share_a_bucket(load: Load) -> None:
    configuration = {"kind": "rate_limit", "settings": {"requests": 5, "per": "60s"}}
    host = load(FILTER, configuration, workers=2)
    found = [host.request("GET", "/", worker=number % 2).status for number in range(12)]
    assert found == [200] * 5 + [429] * 7


def test_tokens_can_be_fetched_ahead(load: Load) -> None:
    host = limited(load, requests=10, per="60s")
    for amount in (4, 4, 4, 4):
        host.get("/", {"x-amount": str(amount)})
    assert host.log_lines == [
        "True 60000 4 ",
        "True 60000 4 ",
        "True 60000 2 ",
        "False 0 0 rate_limited",
    ]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "settings.requests: expected how many may pass, got nothing"),
        ({"requests": 0}, "settings.requests: expected at least 1, got 0"),
        ({"requests": 1, "per": "soon"}, "settings.per: expected a duration such as 1s or 200ms"),
        ({"requests": 1, "per": "1us"}, "settings.per: expected at least 1ms, got 1us"),
        ({"requests": 20_000_000}, "settings.requests: at most 10 million a second"),
        ({"requests": 1, "burst": 0}, "settings.burst: expected at least 1, got 0"),
        ({"requests": 1, "bursts": 2}, "settings.bursts: unknown field; there are requests, per"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, settings: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        limited(load, **settings)
    assert reason in str(caught.value)
