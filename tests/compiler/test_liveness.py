"""What is live is what some way on reads before it is set."""

from hypothesis import given
from hypothesis import strategies as st
from mypyc.ir.ops import Assign, BasicBlock, Branch, Goto, Register
from mypyc.ir.rtypes import bool_rprimitive

from mixer2.compiler.passes.liveness import live_at_start
from mixer2.compiler.passes.values import successors

_VARIABLES = [Register(bool_rprimitive, name) for name in "abcd"]
_NUMBERS = st.integers(0, len(_VARIABLES) - 1)
_BLOCKS = st.lists(
    st.tuples(
        st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=3),
        st.one_of(st.none(), _NUMBERS),
        st.tuples(st.integers(0, 7), st.integers(0, 7)),
    ),
    min_size=1,
    max_size=8,
)


def _is_read(block: BasicBlock, value: Register, seen: set[BasicBlock]) -> bool:
    if block in seen:
        return False
    seen.add(block)
    for op in block.ops:
        if value in op.sources():
            return True
        if isinstance(op, Assign) and op.dest is value:
            return False
    return any(_is_read(target, value, seen) for target in successors(block))


@given(_BLOCKS)
def test_live_is_what_a_way_on_reads(
    shape: list[tuple[list[tuple[int, int]], int | None, tuple[int, int]]],
) -> None:
    blocks = [BasicBlock() for _ in shape]
    for block, (assigned, test, targets) in zip(blocks, shape, strict=True):
        block.ops = [Assign(_VARIABLES[to], _VARIABLES[of]) for to, of in assigned]
        first, second = (blocks[target % len(blocks)] for target in targets)
        if test is None:
            block.ops.append(Goto(first))
        else:
            block.ops.append(Branch(_VARIABLES[test], first, second, Branch.BOOL))

    live = live_at_start(blocks, lambda value: value is not _VARIABLES[-1])

    for block in blocks:
        assert live[block] == {v for v in _VARIABLES[:-1] if _is_read(block, v, set())}
