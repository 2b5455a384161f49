"""What is refused before anything is built, with its place."""

from pathlib import Path

import pytest

from mixer2.component.errors import FilterError
from mixer2.component.inspection import inspect_source

REFUSED = {
    "def f():\n    open('x')": "2:5: error: open(): there are no files in a proxy",
    "import os\ndef f():\n    return os.system('ls')": "3:12: error: os.system()",
    "import socket\ndef f():\n    socket.create_connection(('a', 1))": "3:5: error: socket",
    "from socket import socket as s\nf = lambda: s()": "2:13: error: socket.socket()",
    "import threading as t\nclass A:\n    def f(self):\n        t.Thread()": "4:9: error: thread",
    "from time import sleep\ndef f():\n    sleep(1)": "3:5: error: time.sleep()",
    "import subprocess": "1:1: error: import of subprocess",
    "import ctypes": "1:1: error: import of ctypes: there is no native code",
    "import ssl": "1:1: error: import of ssl: there are no sockets",
    "import sqlite3": "1:1: error: import of sqlite3: there are no databases",
    "def f():\n    input()": "2:5: error: input(): a proxy has no standard input",
    "import asyncio\ndef f(c):\n    asyncio.run(c)": "3:5: error: asyncio.run(): a proxy calls",
    "import os\ndef f():\n    os._exit(1)": "3:5: error: os._exit(): a filter cannot end the proxy",
    "import os\ndef f():\n    os.fork()": "3:5: error: os.fork(): there are no processes",
    "from multiprocessing import Pool": "1:1: error: import of multiprocessing",
    "def f(:": "1:7: error: invalid syntax",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_a_proxy_cannot_do_is_refused(tmp_path: Path, source: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(source)

    with pytest.raises(FilterError) as refusal:
        inspect_source(path)

    assert f"bad.py:{REFUSED[source]}" in str(refusal.value)


def test_what_runs_when_the_filter_is_built_may_read_files(tmp_path: Path) -> None:
    path = tmp_path / "good.py"
    path.write_text(
        "import threading\n"
        "LOCK = threading.Lock()\n"
        "SCHEMA = open(__file__).read()\n"
        "def read(name):\n    return open(name).read()\n"
        "TABLE = read(__file__)\n"
        "def f(opener):\n    return opener.open('door')\n"
    )

    inspect_source(path)


def test_the_authors_other_modules_are_looked_through(tmp_path: Path) -> None:
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "filter.py").write_text("from mine import part\nfrom . import other\n")
    (package / "part.py").write_text("import time\ndef f():\n    time.sleep(1)\n")
    (package / "other.py").write_text("import ssl\n")

    with pytest.raises(FilterError) as refusal:
        inspect_source(package / "filter.py")

    assert {one.path for one in refusal.value.findings} == {"mine/part.py", "mine/other.py"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FilterError, match="No such file"):
        inspect_source(tmp_path / "absent.py")
