"""The plugin's own loader, run here: what it refuses, it would refuse in the proxy."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch

from adapters.mixer.expression import functions
from adapters.mixer.plugin import MixerPlugin
from adapters.mixer.tcp_plugin import TcpMixerPlugin
from filters.mixer import Mixer
from filters.tcp_mixer import TcpMixer
from mixer2.compiler.library import re as linear_re
from pal import ConfigurationError, dispatch, hostcalls, registry, status


class _OfflineProxy:
    """A proxy that knows nothing and takes everything, as far as a plugin's start needs one."""

    def last_status(self) -> int:
        return status.NOT_FOUND

    def get_property(self, path: str) -> bytes | None:
        return None

    def get_current_time_nanoseconds(self) -> int:
        return 1

    def define_metric(self, metric_type: int, name: str) -> int:
        return 0

    def get_shared_data(self, key: str) -> bytes | None:
        return None

    def last_shared_data_cas(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        # Everything else answers with a status only.
        if not hasattr(hostcalls.Host, name):
            raise AttributeError(name)
        return lambda *_: status.OK


@contextmanager
def _offline() -> Iterator[None]:
    hostcalls.install(cast("hostcalls.Host", _OfflineProxy()))
    try:
        # CPython's takes backreferences, the compiled plugin's does not.
        with patch.object(functions, "re", linear_re):
            yield
    finally:
        dispatch.reset()
        hostcalls.install(None)


class _Exchanges(dispatch.PluginFactory):
    def create(self) -> MixerPlugin:
        return Mixer()


class _Connections(dispatch.PluginFactory):
    def create(self) -> TcpMixerPlugin:
        return TcpMixer()


def refusal(configuration: object, *, of_connections: bool = False) -> str | None:
    """Why the plugin refuses a configuration; None when it takes it.

    Args:
        configuration: What becomes JSON.
        of_connections: Whether the plugin is that for TCP connections.
    """
    data = json.dumps(configuration).encode()
    with _offline():
        dispatch.register(_Connections() if of_connections else _Exchanges())
        dispatch.proxy_on_context_create(1, 0)
        plugin = registry.plugin(1)
        assert isinstance(plugin, MixerPlugin | TcpMixerPlugin)
        try:
            plugin.load(data)
        except ConfigurationError as error:
            return str(error)
    return None
