"""mypyc's IR of fixed sources, as data: moving the pinned mypy shows here what changed.

python tests/compiler/golden_ir/test_golden_ir.py     writes the golden file anew
"""

from pathlib import Path

from mixer2.compiler import intermediate_code

CASES = Path(__file__).with_name("cases.py")
GOLDEN = Path(__file__).with_name("cases.ir")


def test_the_ir_is_that_of_the_golden_file() -> None:
    assert intermediate_code(CASES) == GOLDEN.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(intermediate_code(CASES)) + "\n", encoding="utf-8")
