"""What is compared makes the same host calls: the bare module and the filter through the PAL."""

from pathlib import Path

import pytest

from bench.host_calls import FILTER, bare_module
from mixer2.testhost import LogLevel, Target, load
from mixer2.testhost.plugin import compile_filter

CALLS = [
    "increment_metric",
    "record_metric",
    "replace_header_map_value",
    "remove_header_map_value",
    "set_shared_data",
    "get_log_level",
    "get_current_time_nanoseconds",
    "log",
]


def _no_compiler(_: Path) -> bytes:
    raise AssertionError("this is a module already")


@pytest.mark.parametrize("call", CALLS)
def test_both_make_the_call_as_often(call: str) -> None:
    bare = load(bare_module(call, 7), Target.WASM, _no_compiler, log_level=LogLevel.TRACE)
    configuration = {"call": call, "count": 7}
    pal = load(FILTER, Target.WASM, compile_filter, configuration, log_level=LogLevel.TRACE)

    made = []
    for host in (bare, pal):
        host.forget()
        assert host.get().status == 200
        made.append(host.transcript.calls(f"proxy_{call}"))

    assert len(made[0]) == len(made[1]) == 7
    values = [
        [argument for argument in one if argument not in (4, 5)] for one in (made[0][0], made[1][0])
    ]
    assert values[0] == values[1]
