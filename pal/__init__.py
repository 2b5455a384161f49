"""The platform abstraction layer: all that a filter may know about its proxy.

From here come the names that every filter needs. The rest is imported for what it is named after,
and costs a program only what it uses:

    pal.log, pal.clock, pal.config, pal.metrics   the everyday ones
    pal.random, pal.reset                         sampling and jitter; the end without an answer
    pal.attributes, pal.facts                     what the proxy knows: by path, by name
    pal.filter_state, pal.foreign                 what filters tell each other; Envoy's functions
    pal.timers, pal.http_callout, pal.grpc_callout, pal.queues
    pal.shared_data, pal.shared_cache             values that all workers share
    pal.tcp, pal.tcp_callout, pal.access_log      plugins that are no HTTP filters
"""

from pal.action import Action, ErrorPolicy
from pal.body import Body
from pal.context import HttpContext, PluginContext
from pal.errors import (
    AttributeTypeError,
    ConfigurationError,
    HeadersUnavailableError,
    HostcallError,
    PalError,
)
from pal.header_map import HeaderMap

__all__ = [
    "Action",
    "AttributeTypeError",
    "Body",
    "ConfigurationError",
    "ErrorPolicy",
    "HeaderMap",
    "HeadersUnavailableError",
    "HostcallError",
    "HttpContext",
    "PalError",
    "PluginContext",
]
