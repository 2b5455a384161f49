"""The PAL's fake proxy, and what the mixer hands to a backend."""

import json

from adapters.backend.instance import Instance, ValueType
from adapters.backend.kind import Setup
from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from pal import PluginContext
from pal.config import Config
from tests.pal.conftest import host

__all__ = ["exchange", "host", "instance", "setup"]


def setup(settings: dict[str, object], *instances: Instance) -> Setup:
    """A handler's setup from settings as YAML would hold them."""
    section = Config.parse(json.dumps(settings).encode())
    return Setup("under-test", section, list(instances), PluginContext(), timeout_ms=200)


def instance(*names: str, number: int = 0) -> Instance:
    """An instance whose values are all text."""
    return Instance(number, list(names), [ValueType.TEXT for _ in names])


def exchange(
    method: str = "GET", path: str = "/", code: int = 200, duration_ns: int = 0
) -> HttpExchange:
    head = HttpRequest(method, "example.com", path, "", 0)
    return HttpExchange(head, code, duration_ns, UNMEASURED, UNMEASURED)
