"""Counters in Redis, which all servers share and which outlive them.

One script does a whole demand, so nothing comes between reading and counting. It takes the time
from Redis: the clocks of servers never meet. A counter is a hash of `w`, the second at which its
window started, and `n`, the requests counted; it expires with the window.
"""

from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mixer2.quota.errors import StoreUnavailable
from mixer2.quota.store import Demand, Level, Taken

# KEYS: counters. ARGV: 1 for a partial grant else 0; then of each counter limit, window, amount.
# Answer: granted; then of each counter remaining, milliseconds until the reset, 1 when short.
_SCRIPT = """
local partial = ARGV[1] == '1'
local time = redis.call('TIME')
local now, microseconds = tonumber(time[1]), tonumber(time[2])
local starts, used, room = {}, {}, {}
local granted = tonumber(ARGV[4])
for i, key in ipairs(KEYS) do
  local limit, window, amount = tonumber(ARGV[3*i-1]), tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1])
  local counter = redis.call('HMGET', key, 'w', 'n')
  local start, count = now - now % window, 0
  local stored = tonumber(counter[1])
  -- A window of the future: the clock was set back, the count still holds.
  if stored and stored >= start then start, count = stored, tonumber(counter[2]) or 0 end
  starts[i], used[i], room[i] = start, count, math.max(0, limit - count)
  if partial then granted = math.min(granted, room[i])
  elseif amount > room[i] then granted = 0 end
end
local answer = {granted}
for i, key in ipairs(KEYS) do
  local window, amount = tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1])
  local charged = 0
  if granted > 0 then charged = partial and granted or amount end
  local reset_ms = (starts[i] + window - now) * 1000 - math.floor(microseconds / 1000)
  if charged > 0 then
    redis.call('HSET', key, 'w', string.format('%d', starts[i]), 'n',
               string.format('%d', used[i] + charged))
    redis.call('PEXPIRE', key, math.max(1, reset_ms))
  end
  answer[#answer + 1] = room[i] - charged
  answer[#answer + 1] = math.max(1, reset_ms)
  answer[#answer + 1] = amount > room[i] and 1 or 0
end
return answer
"""


class RedisStore:
    """Counters in a Redis.

    Args:
        url: `redis://HOST:PORT/DB`, `rediss://` with TLS, `unix://PATH`.
        timeout: Seconds that Redis may take for an answer.
    """

    def __init__(self, url: str, timeout: float = 0.25) -> None:
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout
        )
        # Sent by its digest; again as a whole when Redis was restarted and does not know it.
        self._script = self._redis.register_script(_SCRIPT)

    async def take(self, demands: Sequence[Demand], *, partial: bool) -> Taken:
        """Count; see `Store`."""
        arguments: list[str | int] = [int(partial)]
        for demand in demands:
            arguments += [demand.limit, demand.window, demand.amount]
        try:
            answer = await self._script(keys=[one.key for one in demands], args=arguments)
        except (RedisError, OSError) as error:
            raise StoreUnavailable(f"Redis: {error}") from error
        numbers = [int(one) for one in answer]
        return Taken(
            numbers[0],
            tuple(
                Level(numbers[at], numbers[at + 1], numbers[at + 2] == 1)
                for at in range(1, len(numbers), 3)
            ),
        )

    async def ping(self) -> None:
        """Ask Redis whether it is there; see `Store`."""
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise StoreUnavailable(f"Redis: {error}") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
