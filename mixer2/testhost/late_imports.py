"""What a filter imports while the proxy calls it: found by its tests, for profile cpython.

A snapshot has the modules that were imported when it was taken, and a proxy has no files. So
`mixer2 build --profile cpython` runs the filter's tests, with the environment variable MIXER2_TRACE
naming the filter and a file; every import inside of a callback goes into the file.
"""

import builtins
import importlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import resolve_name
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "MIXER2_TRACE"

_found: Final[dict[str, None]] = {}


def is_tracing() -> bool:
    """Whether this process is to find out."""
    return VARIABLE in os.environ


def traced_filter() -> Path:
    """The filter that it is about."""
    return Path(os.environ[VARIABLE].rpartition(os.pathsep)[0])


@contextmanager
def recorded() -> Iterator[None]:
    """Note what is imported inside of the block, by anybody but the test host."""
    real_import, real_import_module = builtins.__import__, importlib.import_module

    def import_statement(
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the name in builtins.__import__
        locals: Mapping[str, Any] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        importer = (globals or {}).get("__name__", "")
        if not importer.startswith("mixer2."):
            package = (globals or {}).get("__package__") or ""
            module = resolve_name("." * level + name, package) if level else name
            _note(module, *(f"{module}.{item}" for item in fromlist or ()))
        return real_import(name, globals, locals, fromlist or (), level)

    def import_module(name: str, package: str | None = None) -> Any:
        _note(resolve_name(name, package))
        return real_import_module(name, package)

    builtins.__import__, importlib.import_module = import_statement, import_module
    try:
        yield
    finally:
        builtins.__import__, importlib.import_module = real_import, real_import_module


def write_report() -> None:
    """Write what was found so far to where the environment says."""
    report = Path(os.environ[VARIABLE].rpartition(os.pathsep)[2])
    report.write_text(json.dumps(list(_found)), encoding="utf-8")


def _note(*names: str) -> None:
    _found.update(dict.fromkeys(names))
