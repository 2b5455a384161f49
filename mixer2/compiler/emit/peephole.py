"""Shorter code for the same: what a look at neighbouring instructions shows.

While this works, a jump names its construct by a number of its own, not by its depth: so a
construct can go without renumbering. Loops have numbers below that of the function, other
constructs above.
"""

from collections import Counter

from mixer2.compiler.emit.operand_stack import keep_on_stack
from mixer2.compiler.link.instructions import Immediate, Instruction

_UNREACHABLE, _BLOCK, _LOOP, _IF, _ELSE, _END = 0x00, 0x02, 0x03, 0x04, 0x05, 0x0B
_BR, _BR_IF, _BR_TABLE, _RETURN = 0x0C, 0x0D, 0x0E, 0x0F
_DROP = 0x1A
_GET, _SET, _TEE = 0x20, 0x21, 0x22
_I32_CONST, _I64_CONST = 0x41, 0x42
_I32_EQZ, _I32_EQ, _I32_NE, _I64_EQZ, _I64_EQ = 0x45, 0x46, 0x47, 0x50, 0x51
_I32_ADD, _I32_WRAP, _I64_EXTEND = 0x6A, 0xA7, 0xAC

# What only computes: it can go when nobody wants the result. Division may trap.
_UNARY = frozenset({_I32_EQZ, _I64_EQZ, _I32_WRAP, _I64_EXTEND, 0xAD})
_BINARY = frozenset({*range(0x46, 0x50), *range(0x51, 0x67)})
_BINARY |= {*range(0x6A, 0x6D), *range(0x71, 0x79), *range(0x7C, 0x7F), *range(0x83, 0x8B)}

_OPENING = frozenset({_BLOCK, _LOOP, _IF})
_JUMPS = frozenset({_BR, _BR_IF, _BR_TABLE})
_LEAVING = frozenset({_UNREACHABLE, _BR, _BR_TABLE, _RETURN})
_CONSTANTS = frozenset({_I32_CONST, _I64_CONST})
_LOADS = frozenset(range(0x28, 0x36))
_STORES = frozenset(range(0x36, 0x3F))
_TESTS = frozenset({_IF, _BR_IF})
_VOID = b"\x40"
_FUNCTION = -1

# Comparisons of integers, and what is true when they are not.
_OPPOSITES = {0x46: 0x47, 0x48: 0x4E, 0x49: 0x4F, 0x4A: 0x4C, 0x4B: 0x4D}
_OPPOSITES |= {0x51: 0x52, 0x53: 0x59, 0x54: 0x5A, 0x55: 0x57, 0x56: 0x58}
_OPPOSITES |= {right: left for left, right in _OPPOSITES.items()}

_Code = list[Instruction]


def shorten(code: _Code) -> _Code:
    """The same function body in fewer instructions. Its final `end` is no part of it."""
    code = _number_constructs(code)
    before = -1
    while len(code) != before:
        before = len(code)
        code = _combine(_without_dead_code(code))
        code = _without_unused_constructs(_thread_jumps(code))
        code = _without_unused_locals(keep_on_stack(code))
    while code and code[-1][0] == _RETURN:
        code.pop()
    return _count_depths(code)


def _number_constructs(code: _Code) -> _Code:
    """Put a construct's number behind the immediates of all that belongs to it."""
    open_ = [_FUNCTION]
    result: _Code = []
    for index, (opcode, immediates) in enumerate(code):
        if opcode in _OPENING:
            open_.append(-2 - index if opcode == _LOOP else index)
            result.append((opcode, (*immediates, open_[-1])))
        elif opcode == _ELSE:
            result.append((opcode, (open_[-1],)))
        elif opcode == _END:
            result.append((opcode, (open_.pop(),)))
        elif opcode in _JUMPS:
            depths = immediates[1:] if opcode == _BR_TABLE else immediates
            result.append((opcode, tuple(open_[-1 - _int(depth)] for depth in depths)))
        else:
            result.append((opcode, immediates))
    return result


def _count_depths(code: _Code) -> _Code:
    """Undo `_number_constructs`."""
    open_ = [_FUNCTION]
    result: _Code = []
    for opcode, immediates in code:
        if opcode in _OPENING:
            open_.append(_int(immediates[-1]))
            result.append((opcode, immediates[:-1]))
        elif opcode == _ELSE:
            result.append((opcode, ()))
        elif opcode == _END:
            open_.pop()
            result.append((opcode, ()))
        elif opcode in _JUMPS:
            depths = tuple(len(open_) - 1 - open_.index(_int(number)) for number in immediates)
            count = (len(depths) - 1,) if opcode == _BR_TABLE else ()
            result.append((opcode, (*count, *depths)))
        else:
            result.append((opcode, immediates))
    return result


def _int(immediate: Immediate) -> int:
    assert isinstance(immediate, int)
    return immediate


def _without_dead_code(code: _Code) -> _Code:
    """Drop what follows a jump, up to the end of the construct."""
    result: _Code = []
    dead = 0
    for instruction in code:
        opcode = instruction[0]
        if dead:
            if opcode in _OPENING:
                dead += 1
            elif opcode == _END or (opcode == _ELSE and dead == 1):
                dead -= 1
            if dead:
                continue
        result.append(instruction)
        if opcode in _LEAVING:
            dead = 1
    return result


def _thread_jumps(code: _Code) -> _Code:
    """Jump to where a jump at the target goes."""
    types = {instr[1][-1]: instr[1][0] for instr in code if instr[0] in _OPENING}
    leads_to: dict[Immediate, Immediate] = {}
    for index in range(len(code) - 2, -1, -1):
        opcode, immediates = code[index]
        if opcode != _END or types[immediates[0]] != _VOID or _int(immediates[0]) < _FUNCTION:
            continue
        after = index + 1
        while (
            code[after][0] == _END and _int(code[after][1][0]) < _FUNCTION and after < len(code) - 1
        ):
            after += 1
        next_opcode, targets = code[after]
        if next_opcode in (_BR, _ELSE, _END) and types.get(targets[0]) == _VOID:
            leads_to[immediates[0]] = leads_to.get(targets[0], targets[0])
    if not leads_to:
        return code
    return [
        (opcode, tuple(leads_to.get(target, target) for target in immediates))
        if opcode in _JUMPS
        else (opcode, immediates)
        for opcode, immediates in code
    ]


def _without_unused_constructs(code: _Code) -> _Code:
    """Drop blocks and loops that nothing jumps to."""
    targets = {number for opcode, immediates in code if opcode in _JUMPS for number in immediates}
    unused = {
        immediates[-1]
        for opcode, immediates in code
        if opcode in (_BLOCK, _LOOP) and immediates[-1] not in targets
    }
    return [
        (opcode, immediates)
        for opcode, immediates in code
        if opcode not in (_BLOCK, _LOOP, _END) or immediates[-1] not in unused
    ]


def _without_unused_locals(code: _Code) -> _Code:
    """Do not keep what nobody reads."""
    reads = Counter(immediates[0] for opcode, immediates in code if opcode == _GET)
    result: _Code = []
    for instruction in code:
        opcode, immediates = instruction
        if opcode not in (_SET, _TEE) or reads[immediates[0]]:
            result.append(instruction)
        elif opcode == _SET:
            result.append((_DROP, ()))
    return result


def _combine(code: _Code) -> _Code:
    """Replace neighbours by fewer instructions, again and again as they come."""
    result: _Code = []
    for instruction in code:
        result.append(instruction)
        while len(result) > 1 and _combine_last(result):
            pass
    return result


def _combine_last(code: _Code) -> bool:
    """Try the last instructions; returns whether there are fewer now."""
    replacement = _pair(code[-2], code[-1])
    if replacement is not None:
        code[-2:] = replacement
        return True
    if len(code) > 2:
        replacement = _triple(code[-3], code[-2], code[-1])
        if replacement is not None:
            code[-3:] = replacement
            return True
    if len(code) > 3 and code[-1][0] in _STORES:
        replacement = _store(code[-4], code[-3], code[-2], code[-1])
        if replacement is not None:
            code[-4:] = replacement
            return True
    return False


def _store(
    first: Instruction, second: Instruction, value: Instruction, store: Instruction
) -> list[Instruction] | None:
    """A store to an address that something was added to: the sum is the store's business."""
    if first[0] != _I32_CONST or second[0] != _I32_ADD or value[0] not in (_GET, *_CONSTANTS):
        return None
    alignment, offset = store[1]
    added = first[1][0]
    if isinstance(added, int) and isinstance(offset, int) and added >= 0:
        return [value, (store[0], (alignment, offset + added))]
    return None


def _pair(first: Instruction, second: Instruction) -> list[Instruction] | None:
    """What two neighbours amount to, when that is less."""
    opcode, immediates = first
    next_opcode, next_immediates = second
    if opcode == _SET and next_opcode == _GET and immediates == next_immediates:
        return [(_TEE, immediates)]
    if opcode == _GET and next_opcode in (_SET, _TEE) and immediates == next_immediates:
        return [] if next_opcode == _SET else [first]
    if next_opcode == _DROP:
        if opcode in _CONSTANTS or opcode == _GET:
            return []
        if opcode in _UNARY:
            return [second]
        return [(_SET, immediates)] if opcode == _TEE else None
    if opcode in _OPPOSITES and next_opcode == _I32_EQZ:
        return [(_OPPOSITES[opcode], ())]
    if opcode == _BR and next_opcode in (_ELSE, _END) and immediates == next_immediates:
        return [second] if _int(immediates[0]) > _FUNCTION else None
    if opcode in _CONSTANTS and isinstance(immediates[0], int):
        return _after_constant(opcode, immediates[0], second)
    return None


def _after_constant(opcode: int, value: int, second: Instruction) -> list[Instruction] | None:
    next_opcode = second[0]
    if opcode == _I64_CONST:
        if next_opcode == _I32_WRAP:
            return [(_I32_CONST, ((value + (1 << 31)) % (1 << 32) - (1 << 31),))]
        return [(_I64_EQZ, ())] if value == 0 and next_opcode == _I64_EQ else None
    if next_opcode == _I32_EQZ:
        return [(_I32_CONST, (int(value == 0),))]
    if next_opcode == _I64_EXTEND:
        return [(_I64_CONST, (value,))]
    if next_opcode == _BR_IF:
        return [(_BR, second[1])] if value else []
    return [(_I32_EQZ, ())] if value == 0 and next_opcode == _I32_EQ else None


def _triple(
    first: Instruction, second: Instruction, third: Instruction
) -> list[Instruction] | None:
    """What three neighbours amount to, when that is less."""
    opcode, last = second[0], third[0]
    if last in _TESTS:
        # Any number but 0 is true.
        if first == second == (_I32_EQZ, ()) or (first == (_I32_CONST, (0,)) and opcode == _I32_NE):
            return [third]
    elif last in _LOADS and opcode == _I32_ADD and first[0] == _I32_CONST:
        alignment, offset = third[1]
        added = first[1][0]
        if isinstance(added, int) and isinstance(offset, int) and added >= 0:
            return [(last, (alignment, offset + added))]
    elif last == _DROP and opcode in _BINARY:
        if first[0] in _CONSTANTS or first[0] == _GET:
            return [third]
    elif last == _END and opcode == _BR and first == (_IF, (_VOID, *third[1])):
        return [(_BR_IF, second[1])]
    return None
