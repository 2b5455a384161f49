"""Metrics, shared data, queues, timers, log, contexts, pointers."""

from tests.conformance.case import Case
from tests.conformance.probe import Call, Raw, Round, call

COUNTER, GAUGE, HISTOGRAM = range(3)
MEMORY = 64 * 65536
"""Bytes of memory that a probe has."""


def metric(kind: int, name: str) -> Call:
    return call("define_metric", kind, name)


def on_request(name: str, *steps: Call) -> Case:
    return Case(name, {"on_request_headers": list(steps)})


_HITS, _HITS_AGAIN = metric(COUNTER, "hits"), metric(COUNTER, "hits")
_LEVEL, _SIZES = metric(GAUGE, "level"), metric(HISTOGRAM, "sizes")
_DEBT = metric(GAUGE, "debt")
_QUEUE = call("register_shared_queue", "q")

CASES = [
    on_request(
        "metric ids count up by four, per kind",
        *(metric(kind, f"ids{turn}") for turn in range(2) for kind in range(3)),
    ),
    on_request(
        "a name defined again is another id of the same stat",
        _HITS,
        _HITS_AGAIN,
        call("increment_metric", _HITS.result, 2),
        call("increment_metric", _HITS_AGAIN.result, 3),
        call("get_metric", _HITS.result),
        call("increment_metric", _HITS.result, 0),
        call("increment_metric", _HITS.result, -1),
        call("record_metric", _HITS.result, 7),
        call("get_metric", _HITS.result),
    ),
    on_request(
        "gauges go up and down",
        _LEVEL,
        call("increment_metric", _LEVEL.result, 5),
        call("increment_metric", _LEVEL.result, -2),
        call("increment_metric", _LEVEL.result, 0),
        call("get_metric", _LEVEL.result),
        call("record_metric", _LEVEL.result, 9),
        call("get_metric", _LEVEL.result),
        call("record_metric", _LEVEL.result, -1),
        call("get_metric", _LEVEL.result),
    ),
    on_request(
        "a gauge below zero wraps around",
        _DEBT,
        call("increment_metric", _DEBT.result, -5),
        call("get_metric", _DEBT.result),
    ),
    on_request(
        "histograms take samples and show none",
        _SIZES,
        call("record_metric", _SIZES.result, 9),
        call("increment_metric", _SIZES.result, 1),
        call("get_metric", _SIZES.result),
    ),
    on_request(
        "metric ids that are none",
        *(call("get_metric", metric_id) for metric_id in (100, 101, 102, 103)),
        *(call("increment_metric", metric_id, 1) for metric_id in (100, 101, 102, 103)),
        *(call("record_metric", metric_id, 1) for metric_id in (100, 101, 102, 103)),
    ),
    on_request("metric kinds and names", metric(3, "x"), metric(0, "")),
    on_request(
        "shared data with compare-and-swap",
        call("get_shared_data", "k"),
        call("set_shared_data", "k", b"v1", 0),
        call("set_shared_data", "k", b"v3", 9999),
        call("set_shared_data", "new", b"n", 77),
        call("set_shared_data", "", b"e", 0),
        call("set_shared_data", "k", b"", 0),
    ),
    on_request(
        "queues",
        call("resolve_shared_queue", "", "none"),
        call("resolve_shared_queue", "other", "q"),
        call("dequeue_shared_queue", 999999),
        call("enqueue_shared_queue", 999999, b"x"),
    ),
    Case(
        "a message wakes the queue's reader once, and may be gone",
        {
            "on_request_headers": [
                _QUEUE,
                call("dequeue_shared_queue", _QUEUE.result),
                call("enqueue_shared_queue", _QUEUE.result, b"one"),
                call("enqueue_shared_queue", _QUEUE.result, b"two"),
                call("dequeue_shared_queue", _QUEUE.result),
            ],
            "on_queue_ready": [call("dequeue_shared_queue", _QUEUE.result)],
        },
    ),
    Case(
        "ticks come until the period is 0",
        {
            "on_configure": [call("set_tick_period_milliseconds", 100)],
            "on_tick": [
                Round([]),
                Round([]),
                Round([call("set_tick_period_milliseconds", 0)]),
            ],
        },
        request=None,
        wait=1.0,
    ),
    Case(
        "a tick that a stream asked for is the root's, and can resume the stream",
        {
            "on_request_headers": Round([call("set_tick_period_milliseconds", 50)], 4),
            "on_tick": [
                call("set_tick_period_milliseconds", 0),
                call("set_effective_context", 2),
                call("get_header_map_value", 0, ":path"),
                call("continue_stream", 0),
            ],
        },
    ),
    on_request(
        "effective contexts",
        call("set_effective_context", 0),
        call("set_effective_context", 1),
        call("get_header_map_value", 0, ":path"),
        call("set_effective_context", 2),
        call("get_header_map_value", 0, ":path"),
        call("set_effective_context", 3),
        call("get_header_map_value", 0, ":path"),
        call("done"),
    ),
    on_request(
        "log levels",
        call("log", 5, "critical"),
        call("log", 6, "x"),
        call("log", 0xFFFFFFFF, "x"),
        call("get_log_level"),
        call("log", 0, "trace"),
    ),
    on_request(
        "pointers outside of memory",
        call("log", 2, Raw(0xFFFFFFF0, 100)),
        call("get_property", Raw(0x7FFFFFFF, 5)),
        call("get_header_map_value", 0, Raw(MEMORY, 1)),
        call("get_header_map_value", 0, Raw(MEMORY - 1, 1)),
        call("set_property", "x", Raw(0xFFFFFFFF, 0)),
        call("define_metric", 0, Raw(0xFFFFFFFF, 2)),
        call("set_header_map_pairs", 0, Raw(0xFFFFFFFF, 2)),
        call("send_local_response", 403, Raw(0xFFFFFFFF, 2), b"", b"", -1),
    ),
]
