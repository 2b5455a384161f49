"""A collector of spans and log lines, which tells what it got.

python -m e2e.services.collector PORT

POST /api/v2/spans    Zipkin v2 JSON
POST /lines           text, a line a record
GET  /spans, /lines   everything so far, as a JSON list
DELETE /              forget everything
"""

import sys
from typing import Any

from aiohttp import web

_STORE: web.AppKey[dict[str, list[Any]]] = web.AppKey("store", dict[str, list[Any]])


async def take_spans(request: web.Request) -> web.Response:
    """Take Zipkin's spans."""
    spans = await request.json()
    if not isinstance(spans, list):
        raise web.HTTPBadRequest(text="expected a JSON list of spans")
    request.app[_STORE]["spans"] += spans
    return web.Response(status=202)


async def take_lines(request: web.Request) -> web.Response:
    """Take lines of text."""
    request.app[_STORE]["lines"] += (await request.text()).splitlines()
    return web.Response(status=204)


async def tell(request: web.Request) -> web.Response:
    """Everything of one kind."""
    return web.json_response(request.app[_STORE][request.match_info["kind"]])


async def forget(request: web.Request) -> web.Response:
    """Forget everything."""
    for records in request.app[_STORE].values():
        records.clear()
    return web.Response(status=204)


def main() -> None:
    """Serve until ended."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    store: dict[str, list[Any]] = {"spans": [], "lines": []}
    app[_STORE] = store
    app.router.add_post("/api/v2/spans", take_spans)
    app.router.add_post("/lines", take_lines)
    app.router.add_get("/{kind:spans|lines}", tell)
    app.router.add_delete("/", forget)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
