"""A client of a running server's status and commands, for the command line."""

from typing import Any

import aiohttp

from mixer2.control.errors import ControlError

DEFAULT_URL = "http://127.0.0.1:18002"

_TIMEOUT = aiohttp.ClientTimeout(total=30)


async def fetch_status(url: str) -> dict[str, Any]:
    """Return what the server says of everything.

    Raises:
        ControlError: there is no server, or it is none of ours.
    """
    status: dict[str, Any] = await _ask("GET", f"{url}/api/status", None)
    return status


async def command(url: str, filter_name: str, action: str, who: str, why: str) -> str:
    """Give a command about a rollout; returns the state that the rollout is in then.

    Raises:
        ControlError: the server refuses, or there is none.
    """
    path = f"{url}/api/rollouts/{filter_name}/{action}"
    answer = await _ask("POST", path, {"who": who, "why": why})
    return str(answer["state"])


async def _ask(method: str, url: str, body: dict[str, str] | None) -> Any:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.request(method, url, json=body) as response,
        ):
            if response.status != 200:
                reason = (await response.text()).strip()[:500]
                raise ControlError(f"{reason or url} (HTTP {response.status})")
            return await response.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise ControlError(f"{url}: {error}; is `mixer2 serve` running?") from error
