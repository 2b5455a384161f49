"""componentize-py, in a process of its own."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from mixer2.component.errors import ComponentError, ToolMissingError
from mixer2.component.staging import ENTRY, WORLD, Staged

PACKAGE: Final = "componentize-py"

_SCRIPT: Final = "import sys; from componentize_py import script; sys.exit(script())"
_TIMEOUT_S: Final = 300


class ComponentizeError(ComponentError):
    """The snapshot could not be taken; most often because a module cannot be imported.

    Attributes:
        output: All that componentize-py, and CPython in it, had to say.
    """

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


def installed_version() -> str:
    """The version of componentize-py that is installed.

    Raises:
        ToolMissingError: none is.
    """
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        raise ToolMissingError(
            f"profile cpython needs {PACKAGE}: pip install 'mixer2[cpython]'"
        ) from None


def componentize(staged: Staged, target: Path) -> None:
    """Make a component of what was staged.

    Raises:
        ComponentizeError: it could not be made.
    """
    command = [sys.executable, "-c", _SCRIPT]
    command += ["-d", str(staged.wit), "-w", WORLD, "componentize", ENTRY, "-o", str(target)]
    for root in staged.roots:
        command += ["-p", str(root)]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, timeout=_TIMEOUT_S
    )
    if done.returncode or not target.exists():
        raise ComponentizeError(done.stdout + done.stderr)
