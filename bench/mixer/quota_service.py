"""The quota server in a process of its own, by default with a limit that no load reaches.

    python -m bench.mixer.quota_service [REQUESTS_PER_HOUR]

Prints its port, and ends when its standard input does.
"""

import asyncio
import sys
from typing import Final

from mixer2.quota.configuration import parse_limits
from mixer2.quota.server import QuotaServer
from mixer2.quota.store import MemoryStore

_LIMITS: Final = """
domain: mixer2
descriptors:
- {{key: tenant, rate_limit: {{unit: hour, requests_per_unit: {}}}}}
"""
_AMPLE: Final = "1000000000"


async def serve(requests_per_hour: str) -> None:
    """Serve until standard input ends."""
    limits = parse_limits(_LIMITS.format(requests_per_hour), "limits.yaml")
    async with QuotaServer(limits, MemoryStore(), host="127.0.0.1", port=0) as server:
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else _AMPLE))
