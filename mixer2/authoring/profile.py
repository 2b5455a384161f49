"""The two ways in which a filter becomes a module."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Profile(Enum):
    """How a filter becomes a module."""

    AOT = "aot"
    CPYTHON = "cpython"


@dataclass(frozen=True, slots=True)
class Module:
    """A filter's module.

    Attributes:
        wasm: The module.
        digest: SHA-256 of it, hexadecimal.
        seconds: Time that making it took.
    """

    wasm: bytes
    digest: str
    seconds: float


def build(source: Path, profile: Profile) -> Module:
    """Build a filter; in profile cpython with what its tests import late.

    Raises:
        CompileError: it cannot be compiled (aot).
        ComponentError: it cannot be built (cpython).
    """
    if profile is Profile.AOT:
        from mixer2.compiler import build as compile_filter  # noqa: PLC0415 - one of the two

        artefact = compile_filter(source)
        return Module(artefact.wasm, artefact.digest, artefact.seconds)
    from mixer2.component.build import build as snapshot_filter  # noqa: PLC0415
    from mixer2.component.trace import late_imports, tests_beside  # noqa: PLC0415

    built = snapshot_filter(source, traced=late_imports(source, tests_beside(source)))
    return Module(built.wasm, built.digest, built.seconds)
