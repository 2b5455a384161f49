"""HTTP ingestion: values in, facts out."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from adapters.ingestion import http

texts = st.none() | st.text()
times = st.integers(0, 2**62 - 1)
sizes = st.integers(UNMEASURED, 2**40)


def test_the_facts_of_an_exchange() -> None:
    head = http.request("GET", "example.com", "/a?b", "acme", 1_000)

    assert head == HttpRequest("GET", "example.com", "/a?b", "acme", 1_000)
    assert http.exchange(head, 204, 3_500, 10, 20) == HttpExchange(head, 204, 2_500, 10, 20)


def test_what_is_not_there_is_empty() -> None:
    assert http.request(None, None, None, None, 7) == HttpRequest("", "", "", "", 7)


def test_a_clock_that_was_set_back_gives_no_negative_duration() -> None:
    head = http.request("GET", None, None, None, 5_000)

    assert http.exchange(head, 200, 4_000, UNMEASURED, UNMEASURED).duration_ns == 0


@given(texts, texts, texts, texts, times, st.integers(0, 999), times, sizes, sizes)
def test_nothing_is_refused_or_lost(
    method: str | None,
    host: str | None,
    path: str | None,
    tenant: str | None,
    started: int,
    code: int,
    ended: int,
    received: int,
    sent: int,
) -> None:
    head = http.request(method, host, path, tenant, started)
    exchange = http.exchange(head, code, ended, received, sent)

    assert dataclasses.astuple(head) == (
        method or "",
        host or "",
        path or "",
        tenant or "",
        started,
    )
    assert exchange.request is head
    assert exchange.duration_ns == max(ended - started, 0)
    assert (exchange.status_code, exchange.request_bytes, exchange.response_bytes) == (
        code,
        received,
        sent,
    )


def test_facts_are_immutable() -> None:
    head = http.request("GET", None, None, None, 0)

    with pytest.raises(dataclasses.FrozenInstanceError):
        head.method = "PUT"  # type: ignore[misc] # that is what must fail
