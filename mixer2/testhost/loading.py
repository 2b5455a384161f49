"""From a filter's source, or a module's bytes, to a `Host`."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias

from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.host import Host
from mixer2.testhost.native import native_factory
from mixer2.testhost.options import LoadOptions
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import ConfigurationLike, PluginSettings

Compile: TypeAlias = Callable[[Path], bytes]
"""Makes a module of a filter's source."""


class Target(Enum):
    """What the filter runs as."""

    NATIVE = "native"
    WASM = "wasm"


def load(
    source: Path | bytes,
    target: Target,
    compile_filter: Compile,
    configuration: ConfigurationLike = None,
    *,
    beside: Host | None = None,
    **options: Any,
) -> Host:
    """Start a plugin in a proxy of its own.

    Args:
        source: The filter's source file, or the bytes of a Proxy-Wasm module.
        target: What a source file runs as.
        compile_filter: Makes a module of a source file.
        configuration: The plugin's configuration; a dict or list becomes JSON.
        beside: Share the process of another host: stats, shared data, queues, clock, log.
        **options: Fields of `LoadOptions`.

    Raises:
        ConfigurationRefusedError: the plugin said no.
        LoadError: the proxy would not take the module.
    """
    wanted = LoadOptions(**options)
    proxy = wanted.proxy() if beside is None else beside.proxy
    settings = wanted.settings(source, configuration)
    make_guest = _guest_factory(source, target, compile_filter, settings, proxy)
    return Host(make_guest, settings, proxy, wanted.host_options())


def _guest_factory(
    source: Path | bytes,
    target: Target,
    compile_filter: Compile,
    settings: PluginSettings,
    proxy: Proxy,
) -> GuestFactory:
    if isinstance(source, Path) and target is Target.NATIVE:
        return native_factory(source)
    # wasmtime is an optional dependency: only who runs Wasm needs it.
    from mixer2.testhost.wasm import wasm_factory  # noqa: PLC0415
    from mixer2.testhost.wasm_module import load_module  # noqa: PLC0415

    wasm = source if isinstance(source, bytes) else compile_filter(source)
    return wasm_factory(load_module(wasm), settings.environment, proxy.clock.now_ns)
