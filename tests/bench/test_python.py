"""The rows of a filter's own Python: both run the same, and the table tells."""

from bench.python import measure, table
from mixer2.compiler import build


def test_both_give_the_same() -> None:
    native = measure._native()
    compiled = measure._Compiled(build(measure.SOURCE).wasm)

    for loop in ("header", "hash", "json"):
        assert compiled.run(loop, 2) == str(native.run(loop, 2)) != "0"


def test_rows_are_for_people() -> None:
    row = measure.Row("hash 1 KB", cpython=100.0, wasm=4.0)

    assert table.cells(row) == ("hash 1 KB", "100.0 us", "4.00 us", "25")
    assert "| hash 1 KB | 100.0 us | 4.00 us | 25 |" in table.markdown([row])
