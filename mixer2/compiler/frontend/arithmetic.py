"""Int arithmetic that can fail.

In mypyc an int grows as needed, so that a sum always exists and the IR does not ask. Here ints have
63 bits, and a result beyond raises OverflowError: the IR must test for it.
"""

from functools import cache

from mypyc.ir.ops import ERR_MAGIC, PrimitiveDescription
from mypyc.primitives import registry

_OVERFLOWING = frozenset(
    {"CPyTagged_Add", "CPyTagged_Subtract", "CPyTagged_Multiply", "CPyTagged_Negate"}
)


@cache
def let_arithmetic_fail() -> None:
    """Change mypyc's tables of primitives, once per process."""
    for table in (registry.binary_ops, registry.unary_ops):
        for descriptions in table.values():
            for index, description in enumerate(descriptions):
                if description.c_function_name in _OVERFLOWING:
                    descriptions[index] = _failing(description)


def _failing(description: PrimitiveDescription) -> PrimitiveDescription:
    return PrimitiveDescription(
        description.name,
        description.arg_types,
        description.return_type,
        description.var_arg_type,
        description.truncated_type,
        description.c_function_name,
        ERR_MAGIC,
        description.steals,
        description.is_borrowed,
        description.ordering,
        description.extra_int_constants,
        description.priority,
        is_pure=False,
        experimental=description.experimental,
        dependencies=description.dependencies,
        type_params=description.type_params,
    )
