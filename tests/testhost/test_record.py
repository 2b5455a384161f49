"""What happened in a host, as lines to compare."""

from pathlib import Path

from mixer2.testhost import Response, Target, load
from mixer2.testhost.plugin import compile_filter
from mixer2.testhost.record import compare, record

FILTER = Path(__file__).parents[2] / "filters" / "hello.py"


def of_requests(*paths: str) -> list[str]:
    host = load(FILTER, Target.NATIVE, compile_filter)
    for path in paths:
        host.get(path, upstream=Response(200, {"date": "today"}, body=b"hi"))
    return record(host, with_crossings=True)


def test_equal_hosts_have_equal_records() -> None:
    assert compare(of_requests("/a", "/b"), of_requests("/a", "/b")) == ""


def test_a_difference_is_shown_with_what_stands_around_it() -> None:
    shown = compare(of_requests("/a", "/b"), of_requests("/a", "/c")).splitlines()

    assert shown[:2] == ["--- test host", "+++ Envoy"]
    assert "-  upstream received GET /b" in shown
    assert "+  upstream received GET /c" in shown
    assert " request 2:" in shown


def test_times_are_left_out() -> None:
    assert not [line for line in of_requests("/") if "date" in line or "service-time" in line]
