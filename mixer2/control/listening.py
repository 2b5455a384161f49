"""Where the server's own HTTP servers listen."""

import ssl

from aiohttp import web

from mixer2.control.errors import ControlError


async def listen(
    app: web.Application,
    what: str,
    host: str,
    port: int,
    tls: ssl.SSLContext | None = None,
) -> tuple[web.AppRunner, int]:
    """Serve an application until its runner is cleaned up.

    Args:
        app: What to serve.
        what: Its name, for the error.
        host: IP address to listen on.
        port: TCP port; 0 for a free one.
        tls: For https.

    Returns:
        The runner, and the port.

    Raises:
        ControlError: the address is taken or not of this machine.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        reason = error.strerror or str(error)
        raise ControlError(f"{what}: cannot listen on {host}:{port}: {reason}") from error
    return runner, site.port
