"""Names that the library has not: each use is refused with its place and the nearest way."""

from pathlib import Path

import pytest

from mixer2.compiler import CompileError, build
from tests.compiler.dialect.harness import write_runner

MAIN = "\n\ndef main() -> None:\n    pass\n"


@pytest.mark.parametrize(
    ("source", "place", "says"),
    [
        ("import re\nX = re.scanner\n", (2, 5), "re has A, ASCII"),
        ("from re import serch\n", (1, 1), "use search"),
        (
            "import zlib as z\ndef f() -> object:\n    return z.compress(b'')\n",
            (3, 12),
            "compressor",
        ),
        (
            "def f() -> object:\n    import re\n    return re.purge()\n",
            (3, 12),
            "--profile cpython",
        ),
    ],
)
def test_refused(source: str, place: tuple[int, int], says: str, tmp_path: Path) -> None:
    with pytest.raises(CompileError) as refused:
        build(write_runner(tmp_path, {"refused": source + MAIN}))

    (diagnostic,) = refused.value.diagnostics
    assert (diagnostic.line, diagnostic.column) == place
    assert says in diagnostic.message


def test_a_name_of_ones_own_is_not_the_librarys(tmp_path: Path) -> None:
    source = "class A:\n    md5 = 1\n\n\ndef f(hashlib: A) -> int:\n    return hashlib.md5\n"

    build(write_runner(tmp_path, {"own": f"import hashlib\n\n\n{source}{MAIN}"}))
