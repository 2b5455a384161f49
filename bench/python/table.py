"""The rows of a filter's own Python, for people."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.python.measure import LIMIT, Row, cpython


def cells(row: Row) -> tuple[str, str, str, str]:
    """A row's texts: the loop, both times, how many times faster."""
    return row.loop, f"{row.cpython:.1f} us", f"{row.wasm:.2f} us", f"{row.times:.0f}"


def markdown(rows: list[Row]) -> str:
    """The table as Markdown."""
    head = f"| the same Python | {cpython()} | compiled | times faster, at least {LIMIT} |"
    lines = [head, "|---|---|---|---|", *(f"| {' | '.join(cells(row))} |" for row in rows)]
    return "\n".join(lines) + "\n"


def write_rows(rows: list[Row], folder: Path) -> None:
    """Write `python.md` into a folder."""
    (folder / "python.md").write_text(markdown(rows), encoding="utf-8")


def print_rows(rows: list[Row], console: Console) -> None:
    """Print the table."""
    table = Table(title=f"The same Python, compiled (wasmtime) and in {cpython()}")
    for title in ("", "CPython", "compiled", f"times faster, at least {LIMIT}"):
        table.add_column(title, justify="right" if title else "left")
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)
