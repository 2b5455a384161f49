"""Type objects of classes that derive from a type of the run-time: enums of ints, named tuples."""

import struct
from typing import TYPE_CHECKING

from mixer2.compiler import layout
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

# Special methods that such a class may define, and their slots.
SPECIAL_METHODS = {"__str__": "str", "__repr__": "repr"}


def derived_type(
    program: "ProgramEmitter",
    fullname: str,
    base: str,
    slots: dict[str, str],
    *,
    flags: int,
    behind: str,
    attributes: str | None,
) -> Data:
    """The type object of a class whose instances lie as those of `base` do.

    Args:
        program: Gives symbols.
        fullname: The class.
        base: Symbol of the base's type object.
        slots: Functions that differ from the base's.
        flags: Added to the base's.
        behind: Symbol of what the word behind the type object points to.
        attributes: Symbol of its table of attributes.
    """
    symbol = f"type:{fullname}"
    inherited = program.symbols[base]
    assert isinstance(inherited, Data)
    content = bytearray(inherited.content.ljust(layout.TYPE_VTABLE, b"\0")) + bytes(4)
    (old,) = struct.unpack_from("<I", content, layout.TYPE_FLAGS)
    struct.pack_into("<I", content, layout.TYPE_FLAGS, old | flags)
    name = program.literals.c_string(fullname.rpartition(".")[2].encode())
    own = {layout.TYPE_SLOTS[slot]: function for slot, function in slots.items()}
    mine = {layout.TYPE_NAME, layout.TYPE_BASE, layout.TYPE_ATTRIBUTES, *own}
    refs = [
        DataRef(r.offset, r.kind, r.symbol, r.addend, gate=r.gate)
        for r in inherited.refs
        if r.offset not in mine
    ]
    refs += [
        DataRef(layout.TYPE_NAME, RefKind.DATA_ADDRESS, name),
        DataRef(layout.TYPE_BASE, RefKind.DATA_ADDRESS, base),
        DataRef(layout.TYPE_VTABLE, RefKind.DATA_ADDRESS, behind),
    ]
    for offset, function in own.items():
        gate = layout.slot_gate(symbol, offset, is_exception=False)
        refs.append(DataRef(offset, RefKind.DATA_SLOT, function, gate=gate))
    if attributes is not None:
        refs.append(
            DataRef(
                layout.TYPE_ATTRIBUTES,
                RefKind.DATA_ADDRESS,
                attributes,
                gate=layout.ATTRIBUTES_GATE,
            )
        )
    return Data(symbol, bytes(content), 4, refs=refs)
