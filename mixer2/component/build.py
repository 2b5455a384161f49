"""A filter's source to a module, in profile cpython."""

import hashlib
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from mixer2.component.cache import ModuleCache, cache_key, sources
from mixer2.component.componentize import ComponentizeError, componentize, installed_version
from mixer2.component.errors import FilterError
from mixer2.component.failure import explain
from mixer2.component.inspection import inspect_source
from mixer2.component.pack import Report, pack
from mixer2.component.staging import stage
from mixer2.component.template import Template, shipped_template


@dataclass(frozen=True, slots=True)
class Built:
    """A filter's module.

    Attributes:
        wasm: The module.
        digest: SHA-256 of it, hexadecimal.
        seconds: Time that making it took.
        pack_seconds: The part of it after componentize-py.
        report: What its snapshot holds.
    """

    wasm: bytes
    digest: str
    seconds: float
    pack_seconds: float
    report: Report


def build(
    source: Path,
    *,
    included: Sequence[str] = (),
    traced: Sequence[str] = (),
    libraries: list[Path] | None = None,
    template: Template | None = None,
    cache_folder: Path | None = None,
) -> Built:
    """Build a filter in profile cpython.

    Args:
        source: The filter's module, a Python file.
        included: Modules that the filter imports late, and that must be in the snapshot.
        traced: Modules that its tests import late; those that cannot be imported are left out.
        libraries: Folders with the packages that it may import; those of the running Python by
            default.
        template: What it is put into; the one that comes with mixer2 by default.
        cache_folder: Where modules are kept; the user's cache folder by default.

    Raises:
        FilterError: the filter cannot run in a proxy, or cannot be imported.
        ToolMissingError: componentize-py is not installed.
        TemplateMismatchError: it is of another version than the template.
    """
    started = time.perf_counter()
    template = template or shipped_template()
    template.check_version(installed_version())
    inspect_source(source)
    folders = libraries if libraries is not None else [Path(sysconfig.get_path("purelib"))]
    cache = ModuleCache((cache_folder or user_cache_path("mixer2")) / "cpython")
    identity = f"{template.meta.code} {template.meta.sources}"
    key = cache_key(source, identity, [*included, "", *traced], folders)
    cached = cache.get(key)
    if cached is not None:
        return _built(*cached, time.perf_counter() - started, 0.0)
    with tempfile.TemporaryDirectory(prefix="mixer2-") as name:
        folder = Path(name)
        staged = stage(
            folder,
            source,
            template.wit,
            included=list(included),
            traced=list(traced),
            removed=template.meta.removed,
            libraries=folders,
        )
        component = folder / "component.wasm"
        try:
            componentize(staged, component)
        except ComponentizeError as error:
            raise FilterError([explain(error.output, source, staged)]) from error
        componentized = time.perf_counter()
        packed = pack(component.read_bytes(), template)
        packing = time.perf_counter() - componentized
        cache.put(key, packed.wasm, packed.report, sources(packed.report, staged))
    return _built(packed.wasm, packed.report, time.perf_counter() - started, packing)


def _built(wasm: bytes, report: Report, seconds: float, pack_seconds: float) -> Built:
    return Built(wasm, hashlib.sha256(wasm).hexdigest(), seconds, pack_seconds, report)
