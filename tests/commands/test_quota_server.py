"""`mixer2 quota-server`, as operators run it."""

import asyncio
import sys
from pathlib import Path

import grpc.aio
import pytest

from mixer2.quota.messages import RateLimitRequest, RateLimitResponse
from mixer2.quota.service import RATE_LIMIT_SERVICE
from tests.redis_server import RedisServer

LIMITS = """
domain: edge
descriptors:
- {key: user, rate_limit: {unit: year, requests_per_unit: 3}}
"""


async def start(*arguments: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "mixer2", "quota-server", *arguments]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)


async def refusal(*arguments: str) -> tuple[int | None, str]:
    process = await start(*arguments)
    _, errors = await process.communicate()
    return process.returncode, errors.decode().strip()


async def ask(address: str) -> int:
    request = RateLimitRequest(domain="edge")
    request.descriptors.add(entries=[{"key": "user", "value": "ann"}])
    async with grpc.aio.insecure_channel(address) as channel:
        call = channel.unary_unary(f"/{RATE_LIMIT_SERVICE}/ShouldRateLimit", None, None)
        answer = await call(request.SerializeToString())
    code: int = RateLimitResponse.FromString(answer).overall_code
    return code


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    path = tmp_path / "limits.yaml"
    path.write_text(LIMITS)
    return path


async def test_a_killed_server_loses_no_counts(limits: Path) -> None:
    answers = []
    with RedisServer() as redis:
        for _ in range(2):
            process = await start(str(limits), "--port", "0", "--redis", redis.url)
            assert process.stdout is not None
            line = (await process.stdout.readline()).decode()
            assert line.startswith("quota server on 127.0.0.1:")
            answers += [await ask(line.split()[-1]) for _ in range(2)]
            process.kill()
            await process.communicate()
    assert answers == [1, 1, 1, 2]


async def test_without_redis_it_warns_and_ends_well(limits: Path) -> None:
    process = await start(str(limits), "--port", "0")
    assert process.stdout is not None
    warning = (await process.stdout.readline()).decode()
    assert warning.startswith("no --redis: counts are lost when this server stops")
    await process.stdout.readline()
    process.terminate()
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_mistakes_are_told_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "limits.yaml"
    path.write_text("domain: a\ndescriptor: []")
    code, message = await refusal(str(path))
    assert code == 1
    assert message == f"{path}:2:1: descriptor: Extra inputs are not permitted"


async def test_a_redis_that_is_not_there_is_told(limits: Path) -> None:
    code, message = await refusal(str(limits), "--redis", "unix:///nowhere/redis.sock")
    assert code == 1
    assert message.startswith("Redis: ")


async def test_a_certificate_without_its_key_is_refused(limits: Path) -> None:
    code, message = await refusal(str(limits), "--tls-certificate", str(limits))
    assert (code, message) == (1, "--tls-certificate and --tls-key are given together")
    code, message = await refusal(str(limits), "--tls-client-ca", str(limits))
    assert (code, message) == (1, "--tls-client-ca needs --tls-certificate and --tls-key")
