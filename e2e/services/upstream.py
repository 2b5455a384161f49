"""The service behind the mesh: `/ANYTHING/CODE` is answered with that status code, all else 200.

    python -m e2e.services.upstream PORT

The answer says in JSON what arrived: method, path and headers.
"""

import sys
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
    arrived = {
        "method": request.method,
        "path": request.path_qs,
        "headers": {name.lower(): value for name, value in request.headers.items()},
    }
    return web.json_response(arrived, status=code, headers=headers)


def main() -> None:
    """Serve until ended."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
