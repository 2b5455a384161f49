"""All cases, by section of docs/abi.md."""

from tests.conformance.case import Case
from tests.conformance.cases import (
    attributes,
    bodies,
    callouts,
    calls,
    dns,
    expressions,
    failures,
    foreign,
    headers,
    local_responses,
    tcp,
    wasi,
)

SECTIONS: dict[str, list[Case]] = {
    "Header maps": headers.CASES,
    "Bodies, trailers and holding": bodies.CASES,
    "Local responses": local_responses.CASES,
    "Attributes": attributes.CASES,
    "TCP connections": tcp.CASES,
    "Callouts": callouts.CASES,
    "DNS": dns.CASES,
    "Metrics, shared data, timers, log": calls.CASES,
    "Foreign functions": foreign.CASES,
    "CEL expressions": expressions.CASES,
    "WASI": wasi.CASES,
    "Traps and capabilities": failures.CASES,
}

ALL_CASES = [case for cases in SECTIONS.values() for case in cases]
