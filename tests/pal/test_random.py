"""Random numbers, resets, and bodies with a cap, natively and as Wasm."""

import pytest

from mixer2.testhost import Response
from mixer2.testhost.plugin import Load

FILTER = "tests/pal/drawing.py"


def draw(load: Load, path: str) -> list[float]:
    return [float(word) for word in load(FILTER).get(path).text.split()]


@pytest.mark.simulated("what is drawn depends on the clock")
@pytest.mark.parametrize("limit", [1, 2, 7, 1 << 31, 1 << 32])
def test_numbers_are_below_the_limit(load: Load, limit: int) -> None:
    drawn = draw(load, f"/below/{limit}")

    assert all(0 <= number < limit for number in drawn)
    assert len(set(drawn)) == min(limit, 50) or limit < 50


@pytest.mark.parametrize("limit", [0, -1, (1 << 32) + 1])
def test_a_limit_out_of_range_is_refused(load: Load, limit: int) -> None:
    expected = f"below: expected 1 to 4294967296, got {limit}"
    assert load(FILTER).get(f"/below/{limit}").text == expected


@pytest.mark.simulated("what is drawn depends on the clock")
def test_ratios_fill_their_range(load: Load) -> None:
    drawn = draw(load, "/ratio")

    assert 0 <= min(drawn) < 0.2
    assert 0.8 < max(drawn) < 1


@pytest.mark.simulated("what is drawn depends on the clock")
@pytest.mark.parametrize(
    ("probability", "hits"), [(0, (0, 0)), (1, (1000, 1000)), (0.5, (400, 600))]
)
def test_chances(load: Load, probability: float, hits: tuple[int, int]) -> None:
    assert hits[0] <= int(load(FILTER).get(f"/chance/{probability}").text) <= hits[1]


@pytest.mark.simulated("random numbers are others in each host")
def test_workers_draw_different_numbers(load: Load) -> None:
    host = load(FILTER, workers=2)

    answers = {host.request(path="/ratio", worker=worker).text for worker in (0, 1)}

    assert len(answers) == 2


def test_a_reset_is_no_response(load: Load) -> None:
    exchange = load(FILTER).open(path="/reset")

    assert exchange.was_reset


def test_a_whole_body_up_to_a_cap(load: Load) -> None:
    host = load(FILTER)

    assert host.post("/body", [b"1234", b"5678"], upstream=Response(201)).status == 201
    assert host.upstream_requests[0].headers["x-body"] == "12345678"
    assert host.post("/body", [b"1234", b"56789"]).status == 413
    assert len(host.upstream_requests) == 1
