"""Values that can stay on Wasm's operand stack while something else is done.

local.set 5; local.get 4; call $CPy_DecRef; local.get 5
                 ->  local.get 4; call $CPy_DecRef; local.tee 5
"""

from mixer2.compiler.link.instructions import Instruction
from mixer2.compiler.link.symbols import Ref

_CALL = 0x10
_GET, _SET, _TEE = 0x20, 0x21, 0x22

# How many values instructions take from the stack, and how many they leave there.
_EFFECTS = {
    **dict.fromkeys((_GET, 0x23, 0x41, 0x42, 0x44), (0, 1)),
    **dict.fromkeys((_SET, 0x24), (1, 0)),
    **dict.fromkeys((_TEE, *range(0x28, 0x36), 0x45, 0x50, 0xA7, 0xAC, 0xAD), (1, 1)),
    **dict.fromkeys(range(0x36, 0x3F), (2, 0)),
    **dict.fromkeys((*range(0x46, 0x50), *range(0x51, 0x5B), *range(0x6A, 0x79)), (2, 1)),
    **dict.fromkeys(range(0x7C, 0x8B), (2, 1)),
}
_CALLS = dict.fromkeys(("CPy_DecRef", "CPy_XDecRef", "CPy_IncRef"), (1, 0))

# Instructions that are looked at between setting a local and reading it.
_FAR = 16


def keep_on_stack(code: list[Instruction]) -> list[Instruction]:
    """The same code with fewer values put into locals only to be read after the next statements."""
    result: list[Instruction] = []
    for instruction in code:
        opcode, immediates = instruction
        if opcode == _GET and (at := _setting(result, instruction)) is not None:
            del result[at]
            result.append((_TEE, immediates))
        else:
            result.append(instruction)
    return result


def _setting(code: list[Instruction], read: Instruction) -> int | None:
    """Where the local was set, when the stack is as high at the end of `code` as it was there."""
    local = read[1]
    missing = 0
    for at in range(len(code) - 1, max(len(code) - 1 - _FAR, -1), -1):
        opcode, immediates = code[at]
        if opcode in (_GET, _SET, _TEE) and immediates == local:
            return at if opcode == _SET and missing == 0 else None
        effect = _EFFECTS.get(opcode) if opcode != _CALL else _effect_of_call(code[at])
        if effect is None:
            return None
        taken, left = effect
        if left > missing:
            return None
        missing += taken - left
    return None


def _effect_of_call(call: Instruction) -> tuple[int, int] | None:
    callee = call[1][0]
    return _CALLS.get(callee.symbol) if isinstance(callee, Ref) else None
