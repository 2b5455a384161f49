import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest
import wasmtime

from mixer2.envoy.bootstrap import Bootstrap, Locality, Node, TcpAddress, UnixAddress
from mixer2.envoy.errors import AdminError, EnvoyError, EnvoyFailed
from mixer2.envoy.process import EnvoyProcess, decisive_lines
from tests.envoy.wasm_service import wasm_service

NODE = Node("edge-1", cluster="edge", metadata={"a": [1]}, locality=Locality("eu", "eu-1"))


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.envoy
async def test_it_starts_answers_and_ends_well() -> None:
    async with EnvoyProcess(Bootstrap(node=NODE), concurrency=2) as envoy:
        pid = envoy.pid
        assert await envoy.admin.ready()
        info = await envoy.admin.server_info()
        assert info["state"] == "LIVE"
        assert info["command_line_options"]["concurrency"] == 2
        assert info["node"]["id"] == "edge-1"
        assert (await envoy.admin.stats("^server.concurrency$")) == {"server.concurrency": 2}
        assert "# TYPE envoy_server_live gauge" in await envoy.admin.prometheus()
        assert "configs" in await envoy.admin.config_dump()
        assert await envoy.admin.listeners() == {}
        folder = envoy.log_path.parent
    assert envoy.returncode == 0
    assert not runs(pid)
    assert not folder.exists()
    assert "starting main dispatch loop" in envoy.log()


@pytest.mark.envoy
async def test_the_admin_interface_may_be_a_unix_socket(tmp_path: Path) -> None:
    address = UnixAddress(str(tmp_path / "admin"))
    async with EnvoyProcess(Bootstrap(node=NODE, admin=address)) as envoy:
        assert envoy.admin.url == str(tmp_path / "admin")
        assert (await envoy.admin.server_info())["state"] == "LIVE"


@pytest.mark.envoy
async def test_a_listener_on_port_0_says_where_it_is() -> None:
    listener = {
        "name": "echo",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "filter_chains": [
            {
                "filters": [
                    {
                        "name": "envoy.filters.network.echo",
                        "typed_config": {
                            "@type": "type.googleapis.com/"
                            "envoy.extensions.filters.network.echo.v3.Echo"
                        },
                    }
                ]
            }
        ],
    }
    bootstrap = Bootstrap(node=NODE, static_resources={"listeners": [listener]})
    async with EnvoyProcess(bootstrap) as envoy:
        address = (await envoy.admin.listeners())["echo"]
        assert isinstance(address, TcpAddress)
        assert address.port > 0


@pytest.mark.envoy
async def test_a_bad_bootstrap_fails_with_envoys_reason() -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE, extra={"no_such_field": 1}))
    with pytest.raises(EnvoyFailed, match="no such field: 'no_such_field'"):
        await envoy.start()
    assert envoy.returncode == 1


@pytest.mark.envoy
async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        envoy = EnvoyProcess(Bootstrap(node=NODE, admin=TcpAddress("127.0.0.1", port)))
        with pytest.raises(EnvoyFailed, match=f"cannot bind '127.0.0.1:{port}'"):
            await envoy.start()


@pytest.mark.envoy
async def test_an_envoy_that_is_never_ready_is_ended() -> None:
    # Nobody answers at the xDS address: Envoy waits for its first clusters.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        xds = TcpAddress("127.0.0.1", silent.getsockname()[1])
        envoy = EnvoyProcess(Bootstrap(node=NODE, xds=xds), ready_timeout=1)
        with pytest.raises(EnvoyFailed, match="not ready after 1 s"):
            await envoy.start()
    assert envoy.returncode == 0
    assert not runs(envoy.pid)


@pytest.mark.envoy
async def test_an_exception_in_the_block_ends_envoy() -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE))
    with pytest.raises(ZeroDivisionError):
        async with envoy:
            raise ZeroDivisionError
    assert not runs(envoy.pid)


@pytest.mark.envoy
@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 1.0])
async def test_a_cancellation_at_any_time_ends_envoy(after: float) -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE))

    async def use() -> None:
        async with envoy:
            await asyncio.sleep(60)

    task = asyncio.create_task(use())
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert envoy.returncode in (None, 0, -signal.SIGTERM)
    if envoy.returncode is not None:
        assert not runs(envoy.pid)


@pytest.mark.envoy
async def test_an_envoy_that_ignores_sigterm_is_killed() -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE), stop_timeout=0)
    await envoy.start()
    assert await envoy.stop() in (-9, 0)
    assert not runs(envoy.pid)


@pytest.mark.envoy
async def test_it_can_be_started_again() -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE))
    async with envoy:
        first = envoy.pid
        with pytest.raises(EnvoyError, match="already running"):
            await envoy.start()
    async with envoy:
        assert envoy.pid != first


async def test_before_the_start_there_is_nothing_to_ask() -> None:
    envoy = EnvoyProcess(Bootstrap(node=NODE))
    with pytest.raises(EnvoyError, match="not running"):
        _ = envoy.admin
    assert envoy.log() == ""
    assert await envoy.stop() is None


@pytest.mark.envoy
async def test_admin_errors_name_the_url() -> None:
    async with EnvoyProcess(Bootstrap(node=NODE)) as envoy:
        with pytest.raises(AdminError, match=rf"{envoy.admin.url}/stats: HTTP 400"):
            await envoy.admin.stats("(")
        client = envoy.admin
    with pytest.raises(AdminError, match=rf"{client.url}/server_info"):
        await client.server_info()
    await client.close()


def test_the_decisive_lines_are_errors_without_their_prefix() -> None:
    log = """
[2025-01-01 00:00:00.000][7][info][main] [source/x.cc:1] initializing
[2025-01-01 00:00:00.000][7][error][wasm] [source/x.cc:1] no [brackets]  lost
[2025-01-01 00:00:00.000][7][critical][main] [source/x.cc:1] and [this]
[2025-01-01 00:00:00.000][7][critical][main] [source/x.cc:1] and [this]
[2025-01-01 00:00:00.000][7][info][main] [source/x.cc:1] exiting
"""
    assert decisive_lines(log) == ["no [brackets] lost", "and [this]"]


def test_of_a_crash_in_v8_the_reason_is_decisive() -> None:
    log = """
#
# Fatal error in , line 0
# unreachable code
#
==== C stack trace ====
    envoy(+0x1)
"""
    assert decisive_lines(log) == ["Fatal error in , line 0", "unreachable code"]


@pytest.mark.envoy
async def test_an_envoy_that_is_killed_says_by_what() -> None:
    wat = '(module (tag (export "t")) (func (export "proxy_abi_version_0_2_1")))'
    crashing = bytes(wasmtime.wat2wasm(wat))
    envoy = EnvoyProcess(Bootstrap(node=NODE, extra=wasm_service(crashing, b"")))
    with pytest.raises(EnvoyFailed, match=r"killed by SIGTRAP: .*unreachable code"):
        await envoy.start()


def test_without_errors_the_last_lines_decide() -> None:
    assert decisive_lines("a\nb\nc\nd\ne\n", most=2) == ["d", "e"]
    assert decisive_lines("") == []
