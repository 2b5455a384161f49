"""Workers, shared processes, failure policies and reloads."""

import pytest

from mixer2.testhost import FailurePolicy, Host, TrapError
from mixer2.testhost.errors import TrapError as GuestTrap
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import HostOptions, PluginSettings
from tests.testhost.scripted import OK, Calls, scripted


def started(options: HostOptions) -> tuple[Host, list[int]]:
    """A host, and the ids that its starts defined."""
    ids: list[int] = []

    def on_configure(calls: Calls, *_: int) -> int:
        status, metric = calls.define_metric(0, "starts")
        calls.increment_metric(metric, 1)
        ids.append(metric)
        return 1 if status is OK else 0

    return Host(scripted(on_configure=on_configure), PluginSettings(), Proxy(), options), ids


def test_one_vm_starts_unless_more_are_wanted() -> None:
    host, ids = started(HostOptions())

    assert host.stats["starts"] == 1
    assert ids == [4]


def test_every_worker_has_a_vm_with_metric_ids_of_its_own() -> None:
    host, ids = started(HostOptions(workers=3))

    assert host.stats["starts"] == 3
    assert ids == [4, 4, 4]


def test_a_full_start_is_envoys() -> None:
    host, _ = started(HostOptions(workers=2, full_start=True))

    assert host.stats["starts"] == 4
    assert len(host.workers) == 2


def test_the_canary_of_a_full_start_does_not_tick() -> None:
    ticks: list[int] = []

    def on_configure(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(100)
        return 1

    guest = scripted(on_configure=on_configure, on_tick=lambda _, root: ticks.append(root))
    host = Host(guest, PluginSettings(), Proxy(), HostOptions(full_start=True))
    host.advance(1)

    assert len(ticks) == 2 * 10


def test_requests_go_to_the_worker_that_they_name() -> None:
    host, _ = started(HostOptions(workers=2))
    before = [len(worker.vm.contexts) for worker in host.workers]

    host.open(worker=1)

    assert [len(worker.vm.contexts) for worker in host.workers] == [before[0], before[1] + 1]


def test_data_is_shared_between_workers_and_hosts_of_equal_vm_id() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        status, value, cas = (*calls.get_shared_data("n"), 0, 0)[:3]
        count = int(value) if status is OK else 0
        assert calls.set_shared_data("n", str(count + 1).encode(), cas) == (OK,)
        return 0

    guest = scripted(on_request_headers=on_request_headers)
    proxy = Proxy()
    same = Host(guest, PluginSettings(vm_id="a"), proxy, HostOptions(workers=2))
    beside = Host(guest, PluginSettings(vm_id="a"), proxy)
    other = Host(guest, PluginSettings(vm_id="b"), proxy)

    same.get()
    same.request(worker=1)
    beside.get()
    other.get()

    assert same.shared_data == {"n": b"3"}
    assert other.shared_data == {"n": b"1"}


def test_a_message_wakes_the_reader_that_registered_last() -> None:
    woken: list[tuple[str, tuple[object, ...]]] = []

    def plugin(name: str) -> Host:
        def on_configure(calls: Calls, *_: int) -> int:
            calls.register_shared_queue("q")
            return 1

        def on_queue_ready(calls: Calls, _root: int, token: int) -> None:
            woken.append((name, calls.dequeue_shared_queue(token)))

        def on_request_headers(calls: Calls, *_: int) -> int:
            _, token = calls.resolve_shared_queue("", "q")
            calls.enqueue_shared_queue(token, b"hello")
            return 0

        guest = scripted(
            on_configure=on_configure,
            on_queue_ready=on_queue_ready,
            on_request_headers=on_request_headers,
        )
        return Host(guest, PluginSettings(name=name), proxy)

    proxy = Proxy()
    first, _ = plugin("first"), plugin("second")
    first.get()

    assert woken == [("second", (OK, b"hello"))]


def trapping(policy: FailurePolicy, tolerate: bool = True) -> Host:
    """Traps for the path /trap."""

    def on_request_headers(calls: Calls, *_: int) -> int:
        if calls.get_header_map_value(0, ":path") == (OK, "/trap"):
            raise GuestTrap("unreachable")
        calls.add_header_map_value(0, "x-plugin", "was here")
        return 0

    settings = PluginSettings(name="p", failure_policy=policy, reload_after=1.0)
    guest = scripted(on_request_headers=on_request_headers)
    return Host(guest, settings, Proxy(), HostOptions(workers=2, tolerate_traps=tolerate))


def test_a_trap_fails_the_test_unless_it_is_tolerated() -> None:
    with pytest.raises(TrapError, match="its VM is dead: unreachable"):
        trapping(FailurePolicy.FAIL_CLOSED, tolerate=False).get("/trap")


def test_fail_closed_answers_503_for_ever_on_that_worker() -> None:
    host = trapping(FailurePolicy.FAIL_CLOSED)

    assert [host.get(path).status for path in ("/", "/trap", "/", "/")] == [200, 503, 503, 503]
    assert host.request(path="/", worker=1).status == 200


def test_fail_open_answers_503_once_and_then_does_without() -> None:
    host = trapping(FailurePolicy.FAIL_OPEN)

    assert [host.get(path).status for path in ("/", "/trap", "/")] == [200, 503, 200]
    assert ["x-plugin" in request.headers for request in host.upstream_requests] == [True, False]


def test_fail_reload_makes_a_new_vm_when_it_is_due() -> None:
    host = trapping(FailurePolicy.FAIL_RELOAD)

    assert [host.get(path).status for path in ("/trap", "/")] == [503, 503]
    host.advance(1.5)
    assert host.get("/").status == 200
    assert host.stats["wasm.p.vm_reload_backoff"] == 1
    assert host.stats["wasm.p.vm_reload_success"] == 1


def test_after_a_quiet_time_the_very_next_request_reloads() -> None:
    host = trapping(FailurePolicy.FAIL_RELOAD)
    host.advance(60)

    assert [host.get(path).status for path in ("/trap", "/")] == [503, 200]
