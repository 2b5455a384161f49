"""What operators' machines ask over HTTP: is it healthy, and what are its metrics.

/healthz   200 when nodes are served; 503 and the reason when not
/metrics   Prometheus
"""

from aiohttp import web

from mixer2.xds.metrics import CONTENT_TYPE
from mixer2.xds.server import XdsServer


def ops_routes(server: XdsServer) -> list[web.RouteDef]:
    """Return the routes, for an application of aiohttp."""

    async def healthz(_request: web.Request) -> web.Response:
        reason = server.unhealthy()
        if reason is not None:
            return web.Response(status=503, text=f"{reason}\n")
        return web.Response(text="ok\n")

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=server.metrics.text(), headers={"content-type": CONTENT_TYPE})

    return [web.get("/healthz", healthz), web.get("/metrics", metrics)]
