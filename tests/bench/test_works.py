"""What the works do, whoever does them: Python natively and compiled, C by hand, AssemblyScript.

It is the test of the test host, too, with modules of other tool chains.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.build import (
    assemblyscript_module,
    c_module,
    missing_for_assemblyscript,
    mixer2_module,
)
from bench.works import SCARCE, Bucket
from mixer2.testhost import Host, Target, load
from mixer2.testhost.properties import AttributePath, AttributeValue

SUBJECTS: dict[str, Callable[[str], Path | bytes]] = {
    "native": lambda name: Path(f"bench/filters/{name}.py"),
    "aot": lambda name: mixer2_module(name).read_bytes(),
    "c": lambda name: c_module(name).read_bytes(),
    "c-pairs": lambda name: c_module(name, pairs=True).read_bytes(),
    "assemblyscript": lambda name: _assemblyscript(name).read_bytes(),
}


def _assemblyscript(name: str) -> Path:
    missing = missing_for_assemblyscript()
    if missing:
        pytest.skip(f"AssemblyScript cannot be built: {missing}")
    return assemblyscript_module(name)


LoadWork = Callable[..., Host]


@pytest.fixture(params=list(SUBJECTS))
def load_work(request: pytest.FixtureRequest) -> LoadWork:
    def load_work(name: str, configuration: str = "", workers: int = 1) -> Host:
        source = SUBJECTS[request.param](name)
        return load(source, Target.NATIVE, _no_compiler, configuration, workers=workers)

    return load_work


def _no_compiler(_: Path) -> bytes:
    raise AssertionError("what runs here is plain Python, or was built before")


def test_f1_counts_per_tenant_and_adds_a_header(load_work: LoadWork) -> None:
    host = load_work("f1")
    for tenant in ("acme", "acme", "globex"):
        response = host.get("/", headers={"x-tenant": tenant})
        assert response.headers.get_all("x-bench") == ["f1"]
    host.get("/")
    assert host.stats["bench_f1_requests_total{tenant=acme}"] == 2
    assert host.stats["bench_f1_requests_total{tenant=globex}"] == 1
    assert host.stats["bench_f1_requests_total{tenant=unknown}"] == 1


def test_f1_has_room_for_a_hundred_tenants(load_work: LoadWork) -> None:
    host = load_work("f1")
    for number in range(103):
        host.get("/", headers={"x-tenant": f"tenant-{number}"})
    assert host.stats["bench_f1_requests_total{tenant=tenant-99}"] == 1
    assert host.stats["bench_f1_requests_total{tenant=other}"] == 3


def test_f2_reports_bytes_and_durations_by_eight_labels(load_work: LoadWork) -> None:
    host = load_work("f2")
    attributes: dict[AttributePath, AttributeValue] = {
        "xds.route_name": "orders",
        "response.flags": 0,
        "request.protocol": "HTTP/1.1",
        "request.total_size": 300,
        "response.total_size": 120,
        "request.duration": 1_234_567,
    }
    headers = {"x-tenant": "acme", "user-agent": "bench/1.0"}
    host.get("/orders/42", headers=headers, attributes=attributes)
    labels = (
        "{tenant=acme,method=GET,host=example.com,agent=bench/1.0,"
        "code=200,flags=0,protocol=HTTP/1.1,route=orders}"
    )
    assert host.stats[f"bench_f2_bytes_total{labels}"] == 420
    assert host.samples[f"bench_f2_duration_us{labels}"] == [1_234]


def test_f2_leaves_health_checks_out(load_work: LoadWork) -> None:
    host = load_work("f2")
    host.get("/healthz")
    assert not host.samples


def test_f3_limits(load_work: LoadWork) -> None:
    host = load_work("f3", str(SCARCE))
    statuses = [host.get("/").status for _ in range(SCARCE.capacity + 2)]
    assert statuses == [200] * SCARCE.capacity + [429] * 2


def test_f3_refills_up_to_its_capacity(load_work: LoadWork) -> None:
    host = load_work("f3", str(Bucket(2, 4)))
    assert [host.get("/").status for _ in range(3)] == [200, 200, 429]
    host.advance(0.25)
    assert [host.get("/").status for _ in range(2)] == [200, 429]
    host.advance(10_000)
    assert [host.get("/").status for _ in range(3)] == [200, 200, 429]


def test_f3_is_one_bucket_for_all_workers(load_work: LoadWork) -> None:
    host = load_work("f3", str(SCARCE), workers=2)
    requests = range(SCARCE.capacity + 2)
    statuses = [host.request(worker=number % 2).status for number in requests]
    assert statuses == [200] * SCARCE.capacity + [429] * 2
