"""Which loops pass over characters at once; what that does is in the cases of the dialect."""

from functools import cache
from pathlib import Path

import pytest
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC, Integer
from platformdirs import user_cache_path

from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.frontend.typecheck import typecheck
from mixer2.compiler.passes.arithmetic import use_machine_arithmetic
from mixer2.compiler.passes.characters import use_characters_as_numbers
from mixer2.compiler.passes.simplify import merge_blocks, simplify
from mixer2.compiler.passes.skipping import SKIP, SKIP_BYTES, skip_characters
from mixer2.compiler.passes.values import all_ops

SOURCE = Path(__file__).with_name("skipping_loops.py")


@cache
def functions() -> dict[str, FuncIR]:
    typed = typecheck(load_program(SOURCE), user_cache_path("mixer2"))
    return {f.name: f for f in typed.modules[SOURCE.stem].functions if f.class_name is None}


def skips(name: str) -> list[list[tuple[int, int]]]:
    """The groups that stop each loop of a function."""
    function = functions()[name]
    simplify(function, trust_narrowing=True, trust_items=True)
    use_characters_as_numbers(function)
    if use_machine_arithmetic(function):
        merge_blocks(function)
    skip_characters(function)
    found = []
    for op in all_ops(function):
        if isinstance(op, CallC) and op.function_name in (SKIP, SKIP_BYTES):
            bounds = [bound.value for bound in op.args[3:] if isinstance(bound, Integer)]
            found.append(list(zip(bounds[::2], bounds[1::2], strict=True)))
    return found


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("two_characters", [(ord(";"), ord(";")), (ord("="), ord("="))]),
        ("one_of_a_text", [(ord(","), ord(",")), (ord(";"), ord(";"))]),
        ("until", [(ord(";"), ord(";"))]),
        ("of_bytes", [(0, 0x1F), (0x22, 0x22), (0x5C, 0x5C)]),
        ("beyond_ascii", [(0x80, 0xFF)]),
    ],
)
def test_loops_that_pass_over_most(name: str, groups: list[tuple[int, int]]) -> None:
    assert skips(name) == [groups]


@pytest.mark.parametrize(
    "name",
    ["counts_all", "keeps_the_previous", "four_groups", "letters_only", "in_steps", "moves_text"],
)
def test_loops_that_can_be_seen_at_every_turn(name: str) -> None:
    assert skips(name) == []
