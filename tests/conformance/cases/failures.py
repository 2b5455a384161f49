"""Traps, what becomes of requests then, and capability restriction."""

from mixer2.testhost import FailurePolicy
from tests.conformance.case import Case, Connection, Message
from tests.conformance.probe import Round, Rounds, Trap, call

_CALLBACKS = [
    "on_context_create",
    "on_request_headers",
    "on_request_body",
    "on_response_headers",
    "on_response_body",
    "on_log",
    "on_done",
    "on_delete",
]


def trap(callback: str, policy: FailurePolicy) -> Case:
    """Two requests; the first one traps in a callback."""
    callbacks: dict[str, Rounds] = {name: [] for name in _CALLBACKS}
    # The first context is the root.
    first = callback == "on_context_create"
    callbacks[callback] = [Round([]), Round([Trap()])] if first else [Trap()]
    return Case(
        f"a trap in {callback} under {policy.name}",
        callbacks,
        Message("POST /", [], ["ab"]),
        settings={"failure_policy": policy},
        repeat=2,
    )


def trap_of_connection(callback: str, policy: FailurePolicy) -> Case:
    names = ["on_new_connection", "on_downstream_data", "on_upstream_data", "on_log", "on_delete"]
    callbacks: dict[str, Rounds] = {name: [] for name in names}
    callbacks[callback] = [Trap()]
    return Case(
        f"a trap of a connection in {callback} under {policy.name}",
        callbacks,
        Connection(("> a", "< b", "> c")),
        settings={"failure_policy": policy},
    )


CASES = [
    *(
        trap(callback, policy)
        for policy in (FailurePolicy.FAIL_CLOSED, FailurePolicy.FAIL_OPEN)
        for callback in _CALLBACKS
    ),
    *(
        trap_of_connection(callback, policy)
        for policy in (FailurePolicy.FAIL_CLOSED, FailurePolicy.FAIL_OPEN)
        for callback in ("on_new_connection", "on_downstream_data", "on_upstream_data")
    ),
    *(
        Case(
            f"the second trap in {callback} under FAIL_RELOAD: VMs are made anew",
            {name: [] for name in _CALLBACKS} | {callback: [Round([]), Round([Trap()])]},
            Message("POST /", [], ["ab"]),
            settings={"failure_policy": FailurePolicy.FAIL_RELOAD, "reload_after": 0.1},
            repeat=5,
        )
        for callback in ("on_request_headers", "on_response_headers", "on_log")
    ),
    Case(
        "a trap before the time to reload has come",
        {"on_request_headers": [Trap()], "on_log": []},
        settings={"failure_policy": FailurePolicy.FAIL_RELOAD, "reload_after": 100},
        repeat=3,
    ),
    Case(
        "with capabilities only those are called, and call back",
        {
            "on_request_headers": [
                call("log", 2, "x"),
                call("get_header_map_value", 0, ":path"),
                call("get_property", "plugin_name"),
            ],
            "on_response_headers": [],
            "on_log": [],
        },
        settings={"capabilities": ["proxy_log", "proxy_on_request_headers", "proxy_get_property"]},
    ),
]
