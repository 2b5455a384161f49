"""What comparisons of ints say about the intervals that they compare."""

from mypyc.ir.ops import ComparisonOp

from mixer2.compiler.passes.intervals import Interval

MIRRORED = {
    ComparisonOp.SLT: ComparisonOp.SGT,
    ComparisonOp.SLE: ComparisonOp.SGE,
    ComparisonOp.SGT: ComparisonOp.SLT,
    ComparisonOp.SGE: ComparisonOp.SLE,
    ComparisonOp.EQ: ComparisonOp.EQ,
    ComparisonOp.NEQ: ComparisonOp.NEQ,
}
OPPOSITE = {
    ComparisonOp.SLT: ComparisonOp.SGE,
    ComparisonOp.SGE: ComparisonOp.SLT,
    ComparisonOp.SGT: ComparisonOp.SLE,
    ComparisonOp.SLE: ComparisonOp.SGT,
    ComparisonOp.EQ: ComparisonOp.NEQ,
    ComparisonOp.NEQ: ComparisonOp.EQ,
}


def signed(operator: int, left: Interval, right: Interval) -> int | None:
    """The comparison of signed numbers that is the same here; None when there is none."""
    if operator in OPPOSITE:
        return operator
    if left[0] < 0 or right[0] < 0:
        return None
    return {
        ComparisonOp.ULT: ComparisonOp.SLT,
        ComparisonOp.ULE: ComparisonOp.SLE,
        ComparisonOp.UGT: ComparisonOp.SGT,
        ComparisonOp.UGE: ComparisonOp.SGE,
    }[operator]


def bounded(own: Interval, relation: int, other: Interval) -> Interval:
    """What is left of `own` when it stands in that relation to something of `other`."""
    low, high = own
    match relation:
        case ComparisonOp.SLT:
            return low, min(high, other[1] - 1)
        case ComparisonOp.SLE:
            return low, min(high, other[1])
        case ComparisonOp.SGT:
            return max(low, other[0] + 1), high
        case ComparisonOp.SGE:
            return max(low, other[0]), high
        case ComparisonOp.EQ:
            return max(low, other[0]), min(high, other[1])
        case _:
            if other[0] == other[1]:
                return low + (low == other[0]), high - (high == other[0])
            return own
