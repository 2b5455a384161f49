"""The platform abstraction layer: all that a filter may know about its proxy.

From here come the names that every filter needs; `pal.attributes`, `pal.clock`, `pal.config`,
`pal.log` and `pal.metrics` are modules to import for what they are named after.
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
