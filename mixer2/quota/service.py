"""The services: may this request pass, and how many of the next ones.

`envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit` is Envoy's. All descriptors of a
question are counted together: when one has too little nothing is counted, so that a request which
was refused costs nothing.

`mixer2.quota.v1.QuotaService/Take` has the same messages and hands out tokens ahead of requests: of
`hits_addend` tokens as many as are left, and says in each status' `quota` how many that were and
how long they are good for, which is the rest of the window.

`grpc.health.v1.Health/Check` answers SERVING while the counters can be reached.
"""

import time
from typing import Any

import grpc
import grpc.aio
import structlog

from mixer2.quota import messages
from mixer2.quota.errors import StoreUnavailable
from mixer2.quota.limits import Limit, Limits, counter_key
from mixer2.quota.store import Demand, Store, Taken

RATE_LIMIT_SERVICE = "envoy.service.ratelimit.v3.RateLimitService"
QUOTA_SERVICE = "mixer2.quota.v1.QuotaService"
HEALTH_SERVICE = "grpc.health.v1.Health"

_log = structlog.get_logger("mixer2.quota")

_MAX_DESCRIPTORS = 100

# The messages `HealthCheckResponse{status: SERVING}` and `{status: NOT_SERVING}`.
_SERVING = b"\x08\x01"
_NOT_SERVING = b"\x08\x02"


class QuotaService:
    """Answers questions from limits and counters.

    Args:
        limits: What is allowed.
        store: What was used.
    """

    def __init__(self, limits: Limits, store: Store) -> None:
        self._limits = limits
        self._store = store
        self._store_failing = False

    def handlers(self) -> "list[grpc.GenericRpcHandler[bytes, bytes]]":
        """The handlers of all services, for `add_generic_rpc_handlers`."""
        limit = grpc.unary_unary_rpc_method_handler(self._should_rate_limit)
        take = grpc.unary_unary_rpc_method_handler(self._take)
        check = grpc.unary_unary_rpc_method_handler(self._check_health)
        return [
            grpc.method_handlers_generic_handler(RATE_LIMIT_SERVICE, {"ShouldRateLimit": limit}),
            grpc.method_handlers_generic_handler(QUOTA_SERVICE, {"Take": take}),
            grpc.method_handlers_generic_handler(HEALTH_SERVICE, {"Check": check}),
        ]

    async def _should_rate_limit(
        self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        return await self._answer(data, context, partial=False)

    async def _take(self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        return await self._answer(data, context, partial=True)

    async def _check_health(
        self, _data: bytes, _context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        try:
            await self._store.ping()
        except StoreUnavailable as error:
            self._note(str(error))
            return _NOT_SERVING
        self._note("")
        return _SERVING

    async def _answer(
        self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes], *, partial: bool
    ) -> bytes:
        request = messages.decode_request(data)
        problem = _problem(request)
        if problem:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
        found = [self._find(request.domain, one) for one in request.descriptors]
        demands = self._demands(request, found, partial=partial)
        taken = Taken(0, ())
        if demands:
            try:
                taken = await self._store.take(list(demands.values()), partial=partial)
            except StoreUnavailable as error:
                self._note(str(error))
                await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
            self._note("")
        levels = dict(zip(demands, taken.levels, strict=True))
        over = bool(demands) and taken.granted == 0
        statuses: list[Any] = []
        for descriptor, limit in zip(request.descriptors, found, strict=True):
            if limit is None:
                statuses.append(messages.unlimited())
                continue
            level = levels[_key(request.domain, descriptor, limit)]
            answer = messages.status(limit, level, over=over and level.short)
            if partial:
                until = int(time.time() * 1000) + level.reset_ms
                messages.grant(answer, taken.granted, until)
            statuses.append(answer)
        return messages.encode_response(statuses, over=over)

    def _find(self, domain: str, descriptor: Any) -> Limit | None:
        override = messages.override_of(descriptor)
        if override is not None:
            return override
        return self._limits.find(domain, messages.entries_of(descriptor))

    def _demands(
        self, request: Any, found: list[Limit | None], *, partial: bool
    ) -> dict[str, Demand]:
        """What is wanted of which counter; equal descriptors share one and are counted once."""
        demands: dict[str, Demand] = {}
        for descriptor, limit in zip(request.descriptors, found, strict=True):
            if limit is not None:
                key = _key(request.domain, descriptor, limit)
                amount = messages.amount_of(request, descriptor)
                if partial:
                    amount = int(request.hits_addend) or 1
                demands[key] = Demand(key, limit.requests, limit.unit.value, amount)
        return demands

    def _note(self, problem: str) -> None:
        """Log when the counters go away, and when they are back; not every question between."""
        if problem and not self._store_failing:
            _log.error("quota.store_unavailable", reason=problem)
        elif not problem and self._store_failing:
            _log.info("quota.store_back")
        self._store_failing = bool(problem)


def _key(domain: str, descriptor: Any, limit: Limit) -> str:
    return counter_key(domain, messages.entries_of(descriptor), limit.unit)


def _problem(request: Any) -> str:
    """What is wrong with a question; empty when nothing is."""
    if request is None:
        return "not a RateLimitRequest"
    if not request.domain:
        return "the domain is empty"
    if not request.descriptors:
        return "there are no descriptors"
    if len(request.descriptors) > _MAX_DESCRIPTORS:
        return f"{len(request.descriptors)} descriptors; at most {_MAX_DESCRIPTORS} are counted"
    return ""
