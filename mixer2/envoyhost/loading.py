"""`mixer2.testhost.load`, into Envoy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mixer2.envoyhost.host import EnvoyHost
from mixer2.envoyhost.pool import EnginePool
from mixer2.testhost.errors import NotInEnvoyError
from mixer2.testhost.options import LoadOptions
from mixer2.testhost.proxy import DEFAULT_NODE
from mixer2.testhost.settings import ConfigurationLike


def load_in_envoy(
    pool: EnginePool,
    source: Path | bytes,
    compile_filter: Callable[[Path], bytes],
    configuration: ConfigurationLike = None,
    *,
    beside: EnvoyHost | None = None,
    **options: Any,
) -> EnvoyHost:
    """Start a plugin in Envoy; arguments as `mixer2.testhost.load`.

    `full_start`, `strict`, `leak_check` and `chunked` mean nothing here: Envoy starts as it does,
    neither judges nor tells, and is spoken to in HTTP/1.1.

    Raises:
        ConfigurationRefusedError: Envoy, or the plugin, said no.
        NotInEnvoyError: the test wants what only a simulated proxy has.
        EnvoyError: there is no Envoy.
    """
    wanted = LoadOptions(**options)
    simulated = {
        "attributes": bool(wanted.attributes),
        "node": dict(wanted.node) != dict(DEFAULT_NODE),
        "foreign_functions": bool(wanted.foreign_functions),
        "dns": wanted.dns is not None,
    }
    for option, is_wanted in simulated.items():
        if is_wanted:
            raise NotInEnvoyError(f"load({option}=...) is for the test hosts only")
    wasm = source if isinstance(source, bytes) else compile_filter(source)
    return EnvoyHost(pool, wasm, wanted.settings(source, configuration), wanted, beside)
