"""What componentize-py says when a filter cannot be imported, said to the filter's author."""

import importlib.machinery
import re
from pathlib import Path
from typing import Final

from mixer2.component.errors import Finding
from mixer2.component.staging import Staged

_FRAME: Final = re.compile(r'^ *File "(?P<path>[^"]+)", line (?P<line>\d+)', re.MULTILINE)
_ERROR: Final = re.compile(
    r"^(?:AssertionError: )?(?P<error>[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)): "
    r"?(?P<text>.*)$",
    re.MULTILINE,
)
_NO_MODULE: Final = re.compile(r"No module named '(?P<name>[\w.]+)'")


def explain(output: str, source: Path, staged: Staged) -> Finding:
    """Where and why the import failed.

    Args:
        output: All that componentize-py said.
        source: The filter, as the author named it.
        staged: What it worked on.
    """
    said = output.partition("Stack backtrace:")[0]
    errors = [one for one in _ERROR.finditer(said) if one["error"] != "AssertionError"]
    if not errors:
        return Finding(str(source), 0, 0, f"componentize-py failed: {said.strip()[-2000:]}")
    reason = f"{errors[-1]['error']}: {errors[-1]['text']}"
    missing = _NO_MODULE.search(reason)
    if missing is not None:
        reason += _native_hint(missing["name"], staged)
    places = [
        (path, int(frame["line"]))
        for frame in _FRAME.finditer(said)
        if (path := _author_path(frame["path"], source, staged)) is not None
    ]
    path, line = places[-1] if places else (str(source), 0)
    return Finding(path, line, 1 if line else 0, f"when the filter was imported: {reason}")


def _author_path(path: str, source: Path, staged: Staged) -> str | None:
    """The author's file behind a path in the component; None for a file of others."""
    original = staged.original(path)
    if original is None or "site-packages" in original.parts:
        return None
    return str(source) if original == source.resolve() else str(original)


def _native_hint(name: str, staged: Staged) -> str:
    """What to say of a module that is there, as machine code of this machine."""
    parts = name.split(".")
    for root in staged.roots:
        for folder in (root.joinpath(*parts[:-1]), root.joinpath(*parts)):
            for suffix in importlib.machinery.EXTENSION_SUFFIXES:
                if (folder / f"{parts[-1]}{suffix}").exists():
                    return (
                        f": {name} is a native extension, and a proxy's sandbox runs pure Python "
                        f"only; choose a package, or a version of it, without native code"
                    )
    if not any(root.joinpath(*parts).exists() for root in staged.roots):
        return ": it is not installed here"
    return ""
