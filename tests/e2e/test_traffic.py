import asyncio
from collections import Counter

import pytest

from e2e.demo.traffic import Load, Mix, Request
from e2e.demo.upstream import ORIGIN_HEADER, serving

MIX = Mix({"acme": 3, "globex": 1}, {"GET": 2, "POST": 1}, {200: 5, 204: 1, 404: 1, 503: 1})


def test_equal_seeds_draw_equal_requests() -> None:
    assert MIX.draw(100, seed=7) == MIX.draw(100, seed=7)
    assert MIX.draw(100, seed=7) != MIX.draw(100, seed=8)


async def test_every_request_is_sent_once_and_counted_with_its_outcome() -> None:
    requests = MIX.draw(300, seed=1)

    async with serving() as port:
        load = Load(f"http://127.0.0.1:{port}", requests, connections=4, signatures=[ORIGIN_HEADER])
        await load.run()

    assert load.failures == []
    assert load.answered == Counter(requests)
    assert load.signed == {(ORIGIN_HEADER, "upstream"): 300}


async def test_connections_are_kept_alive() -> None:
    async with serving() as port:
        load = Load(
            f"http://127.0.0.1:{port}",
            MIX.draw(200, seed=1),
            connections=3,
            signatures=[ORIGIN_HEADER],
        )
        await load.run()

    assert load.connections_opened == 3


async def test_reached_returns_while_the_rest_is_still_under_way() -> None:
    async with serving() as port:
        load = Load(
            f"http://127.0.0.1:{port}",
            MIX.draw(400, seed=1),
            connections=2,
            signatures=[ORIGIN_HEADER],
        )
        running = asyncio.create_task(load.run())
        await load.reached(100)
        done_then = load.done
        await running

    assert 100 <= done_then < 400 == load.answered.total()


async def test_an_answer_without_signature_is_a_failure() -> None:
    async with serving() as port:
        load = Load(
            f"http://127.0.0.1:{port}",
            [Request("acme", "GET", 200)],
            connections=1,
            signatures=["x-mixer2"],
        )
        await load.run()

    assert load.answered == Counter()
    assert load.failures == [
        "GET /orders/200 of acme: expected one of the headers x-mixer2, got []"
    ]


async def test_a_refused_connection_is_a_failure_of_each_request(unused_tcp_port: int) -> None:
    load = Load(
        f"http://127.0.0.1:{unused_tcp_port}",
        [Request("acme", "GET", 200)] * 2,
        connections=1,
        signatures=[],
    )

    await load.run()

    assert load.done == len(load.failures) == 2
    assert "ClientConnectorError" in load.failures[0]


@pytest.mark.parametrize("code", [200, 204, 301, 404, 503])
async def test_the_upstream_answers_what_the_path_asks_for(code: int) -> None:
    request = Request("acme", "POST", code)

    async with serving() as port:
        load = Load(
            f"http://127.0.0.1:{port}", [request], connections=1, signatures=[ORIGIN_HEADER]
        )
        await load.run()

    assert load.answered == {request: 1}
