"""Build the receiver: `python -m tests.e2e.zipkin.build PACKAGE`, for `make zipkin`.

PACKAGE is where Debian's golang-github-openzipkin-zipkin-go-dev was unpacked. Its folder `model`,
which needs nothing but Go's library, becomes a package of the program's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).with_name("receiver.go")
_MODEL: Final = "usr/share/gocode/src/github.com/openzipkin/zipkin-go/model"
_FOLDER: Final = Path(sys.prefix) / "zipkin"
RECEIVER: Final = _FOLDER / "receiver"


def main(package: Path) -> None:
    """Build it when it is not there, or older than its source."""
    if RECEIVER.exists() and RECEIVER.stat().st_mtime > _SOURCE.stat().st_mtime:
        return
    sources = _FOLDER / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    model = shutil.ignore_patterns("*_test.go")
    shutil.copytree(package / _MODEL, sources / "model", ignore=model)
    shutil.copy(_SOURCE, sources)
    (sources / "go.mod").write_text("module receiver\n\ngo 1.21\n")
    offline = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "0"}
    command = [str(Path(sys.prefix) / "bin" / "go"), "build", "-o", str(RECEIVER), "."]
    subprocess.run(command, cwd=sources, check=True, env=os.environ | offline)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
