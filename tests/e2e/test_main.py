"""`python -m e2e.demo` as a process: what it says and leaves behind when it cannot go on."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.demo.telemetry import ROOT


def start(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "e2e.demo"],
        cwd=ROOT,
        env={**os.environ, "KEEP": "", "PORT": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_an_envoy_it_says_so_in_one_line() -> None:
    process = start(ENVOY="/nowhere/envoy")

    output, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert output == ""
    assert errors.startswith("demo: ENVOY=/nowhere/envoy: no such executable")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("port", ["http", "-1", "65536"])
def test_a_port_that_is_none_is_refused_in_one_line(port: str) -> None:
    process = start(PORT=port)

    output, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert output == ""
    assert errors == f"demo: PORT={port}: expected a port number\n"


@pytest.mark.envoy
def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(PORT=str(port))

        _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"127.0.0.1:{port}" in errors
    assert "Address already in use" in errors
    assert errors.count("\n") == 1


@pytest.mark.envoy
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    process = start(TMPDIR=str(tmp_path))
    assert process.stdout is not None
    admin = next(
        line.split("admin http://")[1] for line in process.stdout if "admin http://" in line
    )
    host, port = admin.strip().split(":")
    socket.create_connection((host, int(port))).close()

    process.send_signal(number)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert errors == "demo: stopped, and everything that it had started\n"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))
    assert list(tmp_path.iterdir()) == []
