"""The folder that componentize-py works on."""

import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mixer2 import plugin_program
from mixer2.component.errors import FilterError, Finding

ENTRY: Final = "mixer2_entry"
"""The module that componentize-py is told to take."""

WORLD: Final = "plugin"

_MOUNTED: Final = re.compile(r"/(\d+)/(.+)")
_GUEST: Final = Path(__file__).parent / "guest"
_PACKAGES: Final = ("pal", "adapters", "filters")

GUEST_FILES: Final = {
    "pal/hostcalls.py": _GUEST / "hostcalls.py",
    f"{ENTRY}.py": _GUEST / "entry.py",
    "mixer2_hashes.py": _GUEST / "hashes.py",
    "mixer2_sandbox.py": _GUEST / "sandbox.py",
    "mixer2_plugin_program.py": Path(plugin_program.__file__),
}
"""The guest's own files, by where they are staged."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What was staged.

    Attributes:
        wit: The world's file.
        roots: Folders that modules are imported from, first one first. componentize-py mounts
            each under its number.
        packages: Where the packages come from that were copied into the first root.
    """

    wit: Path
    roots: list[Path]
    packages: dict[str, Path]

    def original(self, path: str) -> Path | None:
        """The file of this machine behind a path in the component.

        None for the standard library, which is componentize-py's, and for the guest's own files.
        """
        mounted = _MOUNTED.fullmatch(path)
        if mounted is None or int(mounted[1]) >= len(self.roots):
            return None
        parts = mounted[2].split("/")
        if int(mounted[1]):
            return self.roots[int(mounted[1])].joinpath(*parts)
        origin = self.packages.get(parts[0])
        if origin is None or "/".join(parts) in GUEST_FILES:
            return None
        return origin.joinpath(*parts[1:])


def stage(
    folder: Path,
    source: Path,
    wit: str,
    *,
    included: list[str],
    traced: list[str],
    removed: list[str],
    libraries: list[Path],
) -> Staged:
    """Put a filter and what it needs into an empty folder.

    Args:
        folder: Where to.
        source: The filter.
        wit: Text of the world.
        included: Modules to import beside what the filter imports by itself.
        traced: The same, as far as they can be imported.
        removed: Modules of the standard library that the template lacks.
        libraries: Folders with the packages that the filter may import.

    Raises:
        FilterError: there is no such file.
    """
    source = source.resolve()
    if not source.is_file():
        raise FilterError([Finding(str(source), 0, 0, "there is no such file")])
    modules = folder / "modules"
    packages = {name: _package(name) for name in _PACKAGES}
    for name, origin in packages.items():
        ignored = shutil.ignore_patterns("__pycache__", "*.wasm")
        shutil.copytree(origin, modules / name, ignore=ignored)
    for staged, file in GUEST_FILES.items():
        shutil.copyfile(file, modules / staged)
    name, root = module_name(source)
    settings = {"FILTER": name, "INCLUDED": included, "TRACED": traced, "REMOVED": removed}
    (modules / "mixer2_settings.py").write_text(
        "".join(f"{key} = {value!r}\n" for key, value in settings.items()), encoding="utf-8"
    )
    wit_file = folder / "plugin.wit"
    wit_file.write_text(wit, encoding="utf-8")
    is_staged = any(source.is_relative_to(origin) for origin in packages.values())
    roots = [modules, *([] if is_staged else [root]), *libraries]
    return Staged(wit_file, roots, packages)


def module_name(source: Path) -> tuple[str, Path]:
    """Dotted name of a filter's module, and the folder that its top-level package lies in."""
    root = source.parent
    while (root / "__init__.py").exists():
        root = root.parent
    return ".".join(source.relative_to(root).with_suffix("").parts), root


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FilterError([Finding(name, 0, 0, "the package is not installed with mixer2")])
    return Path(spec.submodule_search_locations[0]).resolve()
