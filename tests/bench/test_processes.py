"""The load generator and the upstream: C programs, built by zig."""

import os
from pathlib import Path

import pytest

from bench import build
from bench.errors import BenchError
from bench.processes import Helper, Load, cpu_seconds, free_port, python_service, resident_bytes
from bench.run import Tools


@pytest.fixture(scope="module")
def tools() -> Tools:
    return build.tools()


async def test_slices_are_counted_and_timed(tools: Tools) -> None:
    async with Helper([tools.upstream]) as upstream:
        load = Load(tools.load, tools.request, upstream.port)
        slices = await load.slices([upstream.pid, os.getpid()], ["1x50", "16x100", "16x20"])
        served = cpu_seconds(upstream.pid)
    assert [one.connections for one in slices] == [1, 16, 16]
    assert [one.seconds >= least for one, least in zip(slices, (0.05, 0.1, 0.02), strict=True)]
    for one in slices:
        assert one.requests > one.connections
        assert 0 < one.p50_us <= one.p99_us
        assert one.load_cpu_us > 0
        upstream_us, _ = one.cpu_us
        assert 0 < upstream_us < one.seconds * 1.5e6
    # What the slices say is what the system says.
    assert sum(one.cpu_us[0] for one in slices) <= served * 1e6 < 2e6


async def test_the_first_answer_is_waited_for(tools: Tools) -> None:
    async with Helper([tools.upstream]) as upstream:
        assert await Load(tools.load, tools.request, upstream.port).first() > 0


async def test_nobody_answers(tools: Tools) -> None:
    load = Load(tools.load, tools.request, free_port())
    with pytest.raises(BenchError, match="cannot connect to port"):
        await load.slices([os.getpid()], ["1x10"])


async def test_a_slice_that_makes_no_sense(tools: Tools) -> None:
    async with Helper([tools.upstream]) as upstream:
        load = Load(tools.load, tools.request, upstream.port)
        with pytest.raises(BenchError, match="expected CONNECTIONSxMILLISECONDS"):
            await load.slices([upstream.pid], ["many"])
        with pytest.raises(BenchError, match="1 to 256 connections"):
            await load.slices([upstream.pid], ["0x10"])


async def test_a_helper_ends_when_its_input_does(tools: Tools) -> None:
    async with Helper([tools.upstream]) as upstream:
        pid = upstream.pid
        assert resident_bytes(pid) > 0
    assert not Path(f"/proc/{pid}").exists()


async def test_a_helper_that_does_not_serve() -> None:
    with pytest.raises(BenchError, match="it does not serve"):
        async with Helper(["echo", "no port"]):
            pass


async def test_a_service_tells_what_it_counted() -> None:
    async with python_service("ext_authz") as service:
        assert await service.finish() == "{}\n"
