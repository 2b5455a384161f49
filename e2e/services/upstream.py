"""The service behind the mesh: `/ANYTHING/CODE` is answered with that status code, all else 200.

    python -m e2e.services.upstream PORT TLS_PORT FOLDER

The answer says in JSON what arrived: method, path and headers, and who sent it where that is known.
TLS_PORT asks for certificates of `ca.crt` in FOLDER, and shows `upstream.crt`.
"""

import asyncio
import ssl
import sys
from pathlib import Path
from typing import Final

from aiohttp import web

_CODE_LENGTH: Final = 3


async def answer(request: web.Request) -> web.Response:
    """Tell the client what arrived."""
    await request.read()
    last = request.path.rpartition("/")[2]
    code = int(last) if len(last) == _CODE_LENGTH and last.isdecimal() else 200
    headers = {"x-origin": "upstream"}
    if code in (204, 304):
        return web.Response(status=code, headers=headers)
    assert request.transport is not None
    certificate = request.transport.get_extra_info("peercert") or {}
    arrived = {
        "peer": [name for _, name in certificate.get("subjectAltName", [])],
        "method": request.method,
        "path": request.path_qs,
        "headers": {name.lower(): value for name, value in request.headers.items()},
    }
    return web.json_response(arrived, status=code, headers=headers)


def mutual_tls(folder: Path) -> ssl.SSLContext:
    """TLS that asks who is there."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "ca.crt"))
    context.load_cert_chain(folder / "upstream.crt", folder / "upstream.key")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def serve(port: int, tls_port: int, folder: Path) -> None:
    """Serve until cancelled."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handle_signals=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await web.TCPSite(runner, "127.0.0.1", tls_port, ssl_context=mutual_tls(folder)).start()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Serve until ended."""
    try:
        asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    except (KeyboardInterrupt, web.GracefulExit):
        return


if __name__ == "__main__":
    main()
