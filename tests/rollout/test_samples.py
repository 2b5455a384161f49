from mixer2.rollout.samples import Counts, total

STATS = {
    "http.web.downstream_rq_completed": 10,
    "http.web.downstream_rq_5xx": 1,
    "http.partners.v2.downstream_rq_completed": 5,
    "http.admin.downstream_rq_completed": 1000,
    "http.admin.downstream_rq_5xx": 1000,
    "listener.127.0.0.1_80.http.web.downstream_rq_completed": 10,
    "wasm.probe.vm_reload": 1,
    "wasm.probe.vm_reload_backoff": 2,
    "wasm.probe.vm_reload_failure": 3,
    "wasm.probe.vm_reload_success": 4,
    "wasm.wasm_vm_count": 3,
    "wasmcustom.telemetry_errors_total": 7,
}


def test_the_admin_interface_itself_does_not_count() -> None:
    counts = Counts.of(STATS)
    assert (counts.requests, counts.errors) == (15, 1)
    assert counts.vm_failures == {"probe": 6}
    assert counts.matching([r"^wasmcustom\..*error"]) == 7


def test_what_was_counted_since() -> None:
    before = Counts.of(STATS)
    after = Counts.of({name: value + 2 for name, value in STATS.items()})
    since = after.since(before)
    assert (since.requests, since.errors, since.vm_failures) == (4, 2, {"probe": 6})
    assert since.matching(["error"]) == 2
    assert since.error_ratio == 50


def test_a_node_that_was_restarted_counts_from_nothing() -> None:
    after = Counts(requests=3, errors=1, vm_failures={"probe": 1}, stats={"e": 1})
    since = after.since(Counts.of(STATS))
    assert (since.requests, since.errors, since.vm_failures) == (3, 1, {"probe": 1})


def test_totals() -> None:
    assert total([Counts(3, 1), Counts(1, 1)]).error_ratio == 50
    assert total([]).error_ratio == 0
