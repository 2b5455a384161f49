"""The proxy's side of Proxy-Wasm, for tests.

    client -> Exchange -> HttpStream -> Vm -> Boundary <-> Guest (plain Python, or Wasm)

One implementation of the proxy (`proxy`, `vm`, `hostcalls`, `http_stream`), which does as Envoy
1.40 does; two thin adapters over it (`native`, `wasm`). It refuses what it does not implement.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixer2.testhost.abi import LogLevel
    from mixer2.testhost.callouts import HttpCallout
    from mixer2.testhost.connection import Connection
    from mixer2.testhost.errors import (
        ConfigurationRefusedError,
        HeldError,
        HostError,
        LeakError,
        LoadError,
        MissingImportError,
        MisuseError,
        NotInEnvoyError,
        ProxyDiedError,
        TrapError,
        UnansweredError,
        UnsupportedError,
    )
    from mixer2.testhost.exchange import Exchange
    from mixer2.testhost.grpc_callout import GrpcCall, GrpcError, GrpcRequest, GrpcStream
    from mixer2.testhost.header_map import HeaderMap
    from mixer2.testhost.host import Host
    from mixer2.testhost.loading import Target, load
    from mixer2.testhost.messages import Request, Response, every_cut
    from mixer2.testhost.options import LoadOptions
    from mixer2.testhost.settings import FailurePolicy
    from mixer2.testhost.upstream_failure import UpstreamFailure

__all__ = [
    "ConfigurationRefusedError",
    "Connection",
    "Exchange",
    "FailurePolicy",
    "GrpcCall",
    "GrpcError",
    "GrpcRequest",
    "GrpcStream",
    "HeaderMap",
    "HeldError",
    "Host",
    "HostError",
    "HttpCallout",
    "LeakError",
    "LoadError",
    "LoadOptions",
    "LogLevel",
    "MissingImportError",
    "MisuseError",
    "NotInEnvoyError",
    "ProxyDiedError",
    "Request",
    "Response",
    "Target",
    "TrapError",
    "UnansweredError",
    "UnsupportedError",
    "UpstreamFailure",
    "every_cut",
    "load",
]

_MODULES = {
    "ConfigurationRefusedError": "errors",
    "Connection": "connection",
    "Exchange": "exchange",
    "FailurePolicy": "settings",
    "GrpcCall": "grpc_callout",
    "GrpcError": "grpc_callout",
    "GrpcRequest": "grpc_callout",
    "GrpcStream": "grpc_callout",
    "HeaderMap": "header_map",
    "HeldError": "errors",
    "Host": "host",
    "HostError": "errors",
    "HttpCallout": "callouts",
    "LeakError": "errors",
    "LoadError": "errors",
    "LoadOptions": "options",
    "LogLevel": "abi",
    "MissingImportError": "errors",
    "MisuseError": "errors",
    "NotInEnvoyError": "errors",
    "ProxyDiedError": "errors",
    "Request": "messages",
    "Response": "messages",
    "Target": "loading",
    "TrapError": "errors",
    "UnansweredError": "errors",
    "UnsupportedError": "errors",
    "UpstreamFailure": "upstream_failure",
    "every_cut": "messages",
    "load": "loading",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: `mixer2 build` needs the rules for modules, and no proxy."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
