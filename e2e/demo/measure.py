"""A change of plugin under load: what it took, and what client and Envoy counted meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from e2e.demo import plugin_stats, telemetry
from e2e.demo.errors import DemoFailed
from e2e.demo.stage import Stage
from e2e.demo.tally import Tally, differences, of_answers
from e2e.demo.traffic import Load, Mix
from mixer2.envoy.admin import AdminClient
from mixer2.xds.builders.extension import WasmPlugin

CONNECTIONS: Final = 8
MIX: Final = Mix(
    # The last one has every kind of character that the name of a metric cannot hold as it is.
    tenants={"acme": 5, "globex": 3, "initech": 2, "R&D {5%}, Co.": 1},
    methods={"GET": 6, "POST": 3, "DELETE": 1},
    codes={200: 80, 204: 5, 301: 3, 404: 8, 503: 4},
)

_SEED: Final = 2
_LOAD_WITHIN_S: Final = 40.0
# A request is counted when it is over for Envoy, which is just after its client has the answer.
_COUNTED_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A load through which the plugin was changed.

    Args:
        load: What was sent, and what came back.
        seconds: How long the load took.
        changed_after: Requests that had ended when the change was begun.
        change_seconds: How long it took until Envoy ran the changed plugin.
        change_requests: Requests that ended meanwhile.
        envoy: What Envoy counted.
        mean_ms: Mean latency per tenant in milliseconds, by Envoy's histogram.
    """

    load: Load
    seconds: float
    changed_after: int
    change_seconds: float
    change_requests: int
    envoy: Tally
    mean_ms: dict[str, float]

    @property
    def client(self) -> Tally:
        """What the client counted."""
        return of_answers(self.load.answered)

    def defects(self) -> list[str]:
        """Everything that is not as it must be."""
        load = self.load
        found = [f"failed: {reason}" for reason in load.failures]
        found += map(str, differences(self.client, self.envoy))
        # One connection more would be a request that the client library sent a second time.
        if load.connections_opened != CONNECTIONS:
            found.append(f"{CONNECTIONS} connections expected, {load.connections_opened} opened")
        seen = {name for name, _ in load.signed}
        for name in (telemetry.SIGNATURE_BEFORE, telemetry.SIGNATURE_AFTER):
            if name not in seen:
                found.append(f"no answer had the header {name}")
        return found


async def change_under_load(stage: Stage, changed: WasmPlugin, *, requests: int) -> Measured:
    """Send requests of the mix, and let Envoy run `changed` when half of them are through.

    Raises:
        DemoFailed: Envoy refused `changed`, or the load did not end.
    """
    url = await stage.proxy_url()
    load = Load(
        url,
        MIX.draw(requests, _SEED),
        connections=CONNECTIONS,
        signatures=[telemetry.SIGNATURE_BEFORE, telemetry.SIGNATURE_AFTER],
    )
    began = time.perf_counter()
    sending = asyncio.create_task(load.run())
    try:
        async with asyncio.timeout(_LOAD_WITHIN_S):
            await load.reached(requests // 2)
            changed_after = load.done
            change_seconds = await stage.run(changed)
            change_requests = load.done - changed_after
            await sending
    except TimeoutError:
        raise DemoFailed(f"the load was not through after {_LOAD_WITHIN_S:g} s") from None
    finally:
        sending.cancel()
    seconds = time.perf_counter() - began
    admin = stage.envoy.admin
    return Measured(
        load=load,
        seconds=seconds,
        changed_after=changed_after,
        change_seconds=change_seconds,
        change_requests=change_requests,
        envoy=await _counted(admin, of_answers(load.answered)),
        mean_ms=plugin_stats.mean_latency_ms(await admin.histograms("wasmcustom")),
    )


async def _counted(admin: AdminClient, expected: Tally) -> Tally:
    """Return what Envoy counted, as soon as that is `expected`; else what it is in the end."""
    deadline = time.monotonic() + _COUNTED_WITHIN_S
    while True:
        tally = plugin_stats.requests(await admin.stats("wasmcustom"))
        if tally == expected or time.monotonic() > deadline:
            return tally
        await asyncio.sleep(0.05)
