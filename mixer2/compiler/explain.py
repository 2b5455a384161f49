"""What a module consists of, and why each function of the run-time is in it."""

from collections import Counter
from collections.abc import Iterator

from mixer2.compiler.artefact import Artefact

# Of each file, and of data, what is named; the rest is counted.
_SHOWN = 20
# Links in a chain of reasons.
_LONGEST_CHAIN = 5

_BYTECODE = "bytecode:"


def explain(artefact: Artefact) -> Iterator[str]:
    """Lines of a report: bytes by file and function, of the run-time with reasons, of data."""
    sizes = artefact.function_sizes
    lines = {f.symbol: f for whole in artefact.lines for f in whole.with_parts()}
    compiled = [symbol for symbol in sizes if lines[symbol].file]
    made = {s: size for s, size in sizes.items() if ":" in s and not lines[s].file}
    runtime = {s: size for s, size in sizes.items() if ":" not in s}
    yield _row(len(artefact.wasm), "the module")
    yield _row(sum(sizes[symbol] for symbol in compiled), "compiled Python")
    yield _row(sum(made.values()), "made by the compiler: constructors, exports, calls by name")
    yield _row(sum(runtime.values()), f"run-time, {len(runtime)} functions")
    bytecode = {s: n for s, n in artefact.data_sizes.items() if s.startswith(_BYTECODE)}
    data = {s: size for s, size in artefact.data_sizes.items() if s not in bytecode}
    if bytecode:
        text = f"bytecode of {len(bytecode)} functions that no request runs through, unpacked"
        yield _row(sum(bytecode.values()), text)
    yield _row(sum(data.values()), "static data, what starts as zero included")
    by_file = Counter[str]()
    for symbol in compiled:
        by_file[lines[symbol].file] += sizes[symbol]
    for file, size in by_file.most_common():
        yield ""
        yield _row(size, file)
        yield from _largest({lines[s].name: sizes[s] for s in compiled if lines[s].file == file})
    yield ""
    yield "made by the compiler"
    yield from _largest(made)
    yield ""
    yield "run-time, and what needs it"
    for symbol, size in sorted(runtime.items(), key=lambda item: (-item[1], item[0])):
        yield _row(size, f"{_bare(symbol)}  <-  {_reason(symbol, artefact)}")
    yield ""
    yield "static data"
    yield from _largest(data)
    if bytecode:
        yield ""
        yield "bytecode"
        yield from _largest({s.removeprefix(_BYTECODE): n for s, n in bytecode.items()})


def _row(size: int, text: str) -> str:
    return f"{size:8,}  {text}"


def _largest(sizes: dict[str, int]) -> Iterator[str]:
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    for name, size in ordered[:_SHOWN]:
        yield _row(size, f"  {_bare(name)}")
    if rest := ordered[_SHOWN:]:
        yield _row(sum(size for _, size in rest), f"  {len(rest)} others")


def _reason(symbol: str, artefact: Artefact) -> str:
    """What needs a symbol, what needs that, and so on, up to compiled Python."""
    chain: list[str] = []
    while (symbol := artefact.needed_by.get(symbol, "")) and len(chain) < _LONGEST_CHAIN:
        chain.append(_bare(symbol))
        if symbol.startswith(("py:", "export:")):
            return "  <-  ".join(chain)
    return "  <-  ".join([*chain, "..."] if symbol else chain)


def _bare(symbol: str) -> str:
    """A symbol without the mark of a local one, or of compiled Python."""
    return symbol.partition("#")[0].removeprefix("py:")
