"""Where mypyc's front end differs from CPython: each place is right here, or refused.

The rows are numbered as they were found; a row names a case (`cases/`) or a refusal
(`refusals.py`).
"""

from pathlib import Path

import pytest

from mixer2.compiler import CompileError, build
from tests.compiler.dialect.harness import CASES, run_compiled, run_in_cpython, write_runner
from tests.compiler.dialect.refusals import REFUSALS

RIGHT = {
    1: "trap_01_except_names",
    2: "trap_02_raise_from",
    4: "trap_04_abstract_classes",
    6: "trap_06_final_sigma",
    10: "trap_10_classvar_counter",
    11: "trap_11_swallowing_with",
    12: "trap_12_dict_get_none",
    13: "trap_13_exception_bases",
    15: "trap_15_float_property",
    22: "trap_22_protocols",
}
REFUSED = {
    3: "class attributes of exceptions",
    5: "min and max of int and float",
    7: "runtime_checkable",
    8: "Flag",
    9: "IntFlag",
    14: "functools",
    16: "setting a field of a frozen dataclass",
    17: "a second name for a method",
    18: "__name__ of functions",
    19: "decorated local functions",
    20: "replacing a method",
    21: "f-strings of Python 3.12",
}


def test_every_trap_has_a_row() -> None:
    assert sorted([*RIGHT, *REFUSED]) == list(range(1, 23))


@pytest.mark.parametrize("case", RIGHT.values())
def test_right(case: str) -> None:
    path = CASES / f"{case}.py"

    compiled = run_compiled(path, [CASES / f"{name}.py" for name in RIGHT.values()])

    assert compiled.lines == run_in_cpython(path).lines


@pytest.mark.parametrize("name", REFUSED.values())
def test_refused(name: str, tmp_path: Path) -> None:
    (refusal,) = (r for r in REFUSALS if r.name == name)
    text = refusal.source.replace("§", "") + "\n\ndef main() -> None:\n    pass\n"

    with pytest.raises(CompileError) as refused:
        build(write_runner(tmp_path, {"refused": text}))

    assert refusal.says in str(refused.value)
