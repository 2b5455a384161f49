"""Instructions, host calls and sizes of what `make bench` measures, against their limits."""

import json
from pathlib import Path

import pytest

from bench.build import mixer2_module
from bench.gate import Cost, excesses, measure, read_limits, to_toml
from mixer2.compiler import build

WORKS = ["F1", "F2", "F3"]


@pytest.fixture(scope="module")
def limits() -> dict[str, Cost]:
    return read_limits()


@pytest.mark.parametrize("work", WORKS)
def test_nothing_has_grown(
    work: str, limits: dict[str, Cost], capsys: pytest.CaptureFixture[str]
) -> None:
    cost = measure(mixer2_module(work.lower()).read_bytes())
    with capsys.disabled():
        print(f"\n{work}: {cost}")  # noqa: T201 - whoever optimises watches these
    found = [str(excess) for excess in excesses(cost, limits[work])]
    assert not found, "\n".join([*found, "meant so? `python -m bench.gate` prints new limits"])


def test_a_measurement_can_be_repeated() -> None:
    wasm = mixer2_module("f1").read_bytes()
    assert measure(wasm) == measure(wasm)


def test_the_mixer_is_small_and_no_request_runs_through_bytecode() -> None:
    limit = {"requests": 1_000, "per": "1s"}
    configuration = {
        "handlers": {"stats": {"metrics": {}}, "limit": {"rate_limit": limit}},
        "rules": [
            {"check": "limit", "with": {"user": "request.headers['x-user']"}},
            {"report": "stats"},
        ],
    }
    wasm = build(Path("filters/mixer.py").resolve()).wasm

    cost = measure(wasm, json.dumps(configuration))

    assert len(wasm) <= 250 * 1024
    # An instruction of bytecode takes fifteen; 34,000 when this was written.
    assert sum(cost.fuel.values()) <= 45_000


def test_whatever_is_above_its_limit_is_named() -> None:
    limit = Cost(100, {"proxy_on_log": 10}, {"proxy_get_property": 1})
    cost = Cost(
        101,
        {"proxy_on_log": 11, "proxy_on_done": 1},
        {"proxy_get_property": 2, "proxy_log": 1},
    )
    assert [str(excess) for excess in excesses(cost, limit)] == [
        "module bytes: 101, at most 100",
        "instructions of proxy_on_log: 11, at most 10",
        "instructions of proxy_on_done: 1, at most 0",
        "calls of proxy_get_property: 2, at most 1",
        "calls of proxy_log: 1, at most 0",
    ]
    assert not list(excesses(limit, limit))


def test_printed_limits_can_be_read(tmp_path: Path) -> None:
    cost = Cost(1_000, {"proxy_on_log": 100}, {"proxy_get_property": 2})
    path = tmp_path / "gate.toml"
    path.write_text(to_toml({"F1": cost}), encoding="utf-8")
    assert read_limits(path) == {
        "F1": Cost(1_100, {"proxy_on_log": 110}, {"proxy_get_property": 2})
    }
