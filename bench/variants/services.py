"""Python beside Envoy: what `ext_proc` and `ext_authz` call for every request, over gRPC.

    python -m bench.variants.services ext_proc

Serves F1 on a free port of 127.0.0.1, prints the port, and ends when its standard input does; then
it prints how many requests it counted per tenant, as JSON.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final

import grpc
from envoy.service.auth.v3 import external_auth_pb2, external_auth_pb2_grpc
from envoy.service.ext_proc.v3 import external_processor_pb2, external_processor_pb2_grpc

from bench.works import HEADER

_counted: Final[Counter[str]] = Counter()


class Processor(external_processor_pb2_grpc.ExternalProcessorServicer):  # type: ignore[misc]
    """F1 by `ext_proc`: one stream per request, and on it a message per set of headers."""

    async def Process(  # noqa: N802 - the name is gRPC's
        self, messages: AsyncIterator[Any], _: object
    ) -> AsyncIterator[Any]:
        """Answer each set of headers."""
        async for message in messages:
            if message.HasField("request_headers"):
                _counted[_tenant(message.request_headers.headers.headers)] += 1
                yield _CONTINUE_REQUEST
            else:
                yield _ADD_HEADER


class Authorizer(external_auth_pb2_grpc.AuthorizationServicer):  # type: ignore[misc]
    """F1 by `ext_authz`: one call per request."""

    async def Check(self, request: Any, _: object) -> Any:  # noqa: N802 - the name is gRPC's
        """Count, and let the request pass with a header for its response."""
        _counted[request.attributes.request.http.headers.get("x-tenant") or "unknown"] += 1
        return _ALLOWED


def _tenant(headers: Any) -> str:
    for header in headers:
        if header.key == "x-tenant":
            return bytes(header.raw_value or header.value.encode()).decode()
    return "unknown"


def _continue_request() -> Any:
    response = external_processor_pb2.ProcessingResponse()
    response.request_headers.SetInParent()
    return response


def _add_header() -> Any:
    response = external_processor_pb2.ProcessingResponse()
    added = response.response_headers.response.header_mutation.set_headers.add()
    added.header.key, added.header.raw_value = HEADER[0], HEADER[1].encode()
    return response


def _allowed() -> Any:
    response = external_auth_pb2.CheckResponse()
    added = response.ok_response.response_headers_to_add.add()
    added.header.key, added.header.value = HEADER
    return response


_CONTINUE_REQUEST: Final = _continue_request()
_ADD_HEADER: Final = _add_header()
_ALLOWED: Final = _allowed()


async def serve(name: str) -> None:
    """Serve until standard input ends."""
    server = grpc.aio.server()
    if name == "ext_proc":
        external_processor_pb2_grpc.add_ExternalProcessorServicer_to_server(Processor(), server)
    else:
        external_auth_pb2_grpc.add_AuthorizationServicer_to_server(Authorizer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(_counted), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
