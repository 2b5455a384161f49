"""Access loggers, natively and as Wasm."""

from mixer2.testhost import Response
from mixer2.testhost.plugin import Load
from pal.dispatch import ERRORS_METRIC

FILTER = "tests/pal/logging_access.py"


def test_each_exchange_is_told(load: Load) -> None:
    host = load(FILTER)
    host.log_access("GET", "/a", upstream=Response(201, trailers={"x-trailer": "t"}))
    host.log_access("POST", "/b", upstream=Response(404))
    assert host.log_lines == ["GET /a 201 t 201", "POST /b 404 None 404"]


def test_an_error_is_reported_and_the_next_exchange_told(load: Load) -> None:
    host = load(FILTER)
    host.log_access(path="/raise")
    host.log_access(path="/a")
    assert host.stats[f"{ERRORS_METRIC}{{plugin=logging_access}}"] == 1
    assert host.log_lines[-1] == "GET /a 200 None 200"


def test_many_exchanges_leave_nothing_behind(load: Load) -> None:
    host = load(FILTER)
    held = []
    for _ in range(3):
        for _ in range(10):
            host.log_access()
        host.forget()
        held.append(host.live_objects)
    assert held[1] == held[2]
