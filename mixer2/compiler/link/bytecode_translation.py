"""WebAssembly's instructions as bytecode: structure becomes jumps."""

from collections.abc import Callable
from typing import Final, NamedTuple

from mixer2.compiler.link.bytecode import JUMPS_REACH, Bytecode, Item, Jump, Label
from mixer2.compiler.link.instructions import PREFIX, Immediate, Instruction, parse
from mixer2.compiler.link.symbols import Function, Ref
from mixer2.compiler.wasm import leb128
from mixer2.compiler.wasm.types import FunctionType

_UNREACHABLE, _BLOCK, _LOOP, _IF, _ELSE, _END = 0x00, 0x02, 0x03, 0x04, 0x05, 0x0B
_BR, _BR_IF, _BR_TABLE, _RETURN, _CALL, _CALL_INDIRECT = 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11
_I32_CONST, _I64_CONST, _F64_CONST, _I32_EQZ = 0x41, 0x42, 0x44, 0x45
_MEMORY_COPY, _MEMORY_FILL = PREFIX | 10, PREFIX | 11
_NO_RESULT = 0x40

# Opcodes of bytecode that WebAssembly does not have.
_RETURN_NOTHING, _JUMP_UNLESS, _DROP_BELOW, _DROP_ALL = 0x02, 0x04, 0x05, 0x06
_HAS_RESULT = 0x80
_RENAMED = {_MEMORY_COPY: 0xFC, _MEMORY_FILL: 0xFD}

_LOADS, _STORES = range(0x28, 0x36), range(0x36, 0x3F)
# How many operands instructions take, and how many they leave.
_EFFECTS: Final[dict[int, tuple[int, int]]] = {
    **dict.fromkeys((0x20, 0x23, _I32_CONST, _I64_CONST, _F64_CONST), (0, 1)),
    **dict.fromkeys((0x21, 0x24, 0x1A), (1, 0)),
    **dict.fromkeys((0x22, *_LOADS, _I32_EQZ, 0x50, 0x9A, 0xA7, 0xAC, 0xAD), (1, 1)),
    **dict.fromkeys((0xB7, 0xB9, 0xBD, 0xBF, 0xC0, 0xC1, 0xC2, 0xC4), (1, 1)),
    **dict.fromkeys(_STORES, (2, 0)),
    **dict.fromkeys((*range(0x46, 0x50), *range(0x51, 0x5B), *range(0x61, 0x67)), (2, 1)),
    **dict.fromkeys((*range(0x6A, 0x77), *range(0x7C, 0x89), *range(0xA0, 0xA4)), (2, 1)),
    **dict.fromkeys((_MEMORY_COPY, _MEMORY_FILL), (3, 0)),
    0x1B: (3, 1),
}
_LACKING = frozenset({0x2A, 0x38})


class UntranslatableError(Exception):
    """The function needs an instruction that bytecode does not have, or is too long for it."""


def translate(function: Function, type_of: Callable[[str], FunctionType]) -> Bytecode:
    """A function as bytecode.

    Raises:
        UntranslatableError: it has an instruction that bytecode does not have, or jumps that may
            lead farther than two bytes can say.
    """
    made = Bytecode(function, _Translator(function, type_of).translate())
    if made.size_at_most > JUMPS_REACH:
        raise UntranslatableError(f"{function.name}: too long")
    return made


class _Scope(NamedTuple):
    label: int
    height: int
    results: int
    is_loop: bool = False
    otherwise: int | None = None

    @property
    def carried(self) -> int:
        """Operands that a branch to it takes along."""
        return 0 if self.is_loop else self.results


class _Translator:
    def __init__(self, function: Function, type_of: Callable[[str], FunctionType]) -> None:
        self._function = function
        self._type_of = type_of
        self._items: list[Item] = []
        self._height = self._highest = 0
        self._scopes: list[_Scope] = []
        self._labels = 0
        # Code that is never reached is left out: the depth of scopes in it, 0 in what is reached.
        self._unreached = 0

    def translate(self) -> list[Item]:
        first, *rest = self._function.pieces
        assert isinstance(first, bytes)
        locals_, at = _locals(first)
        results = len(self._function.type.results)
        self._scopes.append(_Scope(self._label(), 0, results))
        code = [i for i in parse([first[at:], *rest]) if i[0] >= 0]
        for index, instruction in enumerate(code):
            if self._unreached:
                self._skip(instruction)
            elif instruction[0] == _I32_EQZ and code[index + 1][0] in (_BR_IF, _IF):
                continue
            else:
                negated = index > 0 and code[index - 1][0] == _I32_EQZ
                self._translate(instruction, negated=negated)
        parameters = len(self._function.type.parameters)
        head = bytes([parameters | (_HAS_RESULT if results else 0)])
        # One more: where a call without arguments leaves its result.
        numbers = (locals_, self._highest + 1)
        return [head + b"".join(map(leb128.unsigned, numbers)), *self._items]

    def _label(self) -> int:
        self._labels += 1
        return self._labels

    def _skip(self, instruction: Instruction) -> None:
        opcode = instruction[0]
        if opcode in (_BLOCK, _LOOP, _IF):
            self._unreached += 1
        elif opcode == _END:
            self._unreached -= 1
            if self._unreached == 0:
                self._end()
        elif opcode == _ELSE and self._unreached == 1:
            self._unreached = 0
            self._else(is_reached=False)

    def _move(self, taken: int, left: int) -> None:
        self._height += left - taken
        self._highest = max(self._highest, self._height)

    def _translate(self, instruction: Instruction, *, negated: bool) -> None:
        opcode, immediates = instruction
        if opcode in (_BLOCK, _LOOP, _IF):
            self._open(opcode, _results(immediates[0]), negated=negated)
        elif opcode == _ELSE:
            self._else(is_reached=True)
        elif opcode == _END:
            self._end()
        elif opcode == _BR:
            self._branch(_depth(immediates[0]))
            self._unreached = 1
        elif opcode == _BR_IF:
            self._branch_if(_depth(immediates[0]), negated=negated)
        elif opcode == _BR_TABLE:
            self._branch_by_table([_depth(depth) for depth in immediates[1:]])
            self._unreached = 1
        elif opcode == _RETURN:
            self._return()
            self._unreached = 1
        elif opcode == _UNREACHABLE:
            self._items.append(b"\0")
            self._unreached = 1
        else:
            self._plain(opcode, immediates)

    def _open(self, opcode: int, results: int, *, negated: bool) -> None:
        label = self._label()
        otherwise = None
        if opcode == _IF:
            self._move(1, 0)
            otherwise = self._label()
            self._items += [bytes([_BR_IF if negated else _JUMP_UNLESS]), Jump(otherwise)]
        elif opcode == _LOOP:
            self._items.append(Label(label))
        self._scopes.append(_Scope(label, self._height, results, opcode == _LOOP, otherwise))

    def _else(self, *, is_reached: bool) -> None:
        scope = self._scopes[-1]
        assert scope.otherwise is not None
        if is_reached:
            self._items += [bytes([_BR]), Jump(scope.label)]
        self._items.append(Label(scope.otherwise))
        self._scopes[-1] = scope._replace(otherwise=None)
        self._height = scope.height

    def _end(self) -> None:
        scope = self._scopes.pop()
        if not scope.is_loop:
            self._items.append(Label(scope.label))
        if scope.otherwise is not None:
            self._items.append(Label(scope.otherwise))
        self._height = scope.height
        self._move(0, scope.results)
        if not self._scopes:
            self._items.append(bytes([_RETURN if scope.results else _RETURN_NOTHING]))

    def _branch(self, depth: int) -> None:
        scope = self._scopes[-1 - depth]
        if depth == len(self._scopes) - 1:
            self._return()
            return
        dropped = self._height - scope.carried - scope.height
        if dropped:
            drop = _DROP_BELOW if scope.carried else _DROP_ALL
            self._items.append(bytes([drop]) + leb128.unsigned(dropped))
        self._items += [bytes([_BR]), Jump(scope.label)]

    def _branch_if(self, depth: int, *, negated: bool) -> None:
        self._move(1, 0)
        scope = self._scopes[-1 - depth]
        is_return = depth == len(self._scopes) - 1
        if not is_return and self._height == scope.carried + scope.height:
            self._items += [bytes([_JUMP_UNLESS if negated else _BR_IF]), Jump(scope.label)]
            return
        over = self._label()
        self._items += [bytes([_BR_IF if negated else _JUMP_UNLESS]), Jump(over)]
        self._branch(depth)
        self._items.append(Label(over))

    def _branch_by_table(self, depths: list[int]) -> None:
        self._move(1, 0)
        scopes = [self._scopes[-1 - depth] for depth in depths]
        if any(scope.carried + scope.height != self._height for scope in scopes):
            raise UntranslatableError("br_table that drops operands")
        self._items.append(bytes([_BR_TABLE]) + leb128.unsigned(len(scopes) - 1))
        self._items += [Jump(scope.label) for scope in scopes]

    def _return(self) -> None:
        has_result = bool(self._function.type.results)
        self._items.append(bytes([_RETURN if has_result else _RETURN_NOTHING]))

    def _plain(self, opcode: int, immediates: tuple[Immediate, ...]) -> None:
        if opcode in (_CALL, _CALL_INDIRECT):
            self._call(opcode, immediates[0])
            return
        if opcode not in _EFFECTS or opcode in _LACKING:
            raise UntranslatableError(f"opcode 0x{opcode:x}")
        self._items.append(bytes([_RENAMED.get(opcode, opcode)]))
        self._move(*_EFFECTS[opcode])
        if opcode in _RENAMED or opcode in (0x23, 0x24):
            # The only memory, and the only global: the stack pointer.
            return
        if opcode in _LOADS or opcode in _STORES:
            immediates = immediates[1:]
        signed = opcode in (_I32_CONST, _I64_CONST)
        for immediate in immediates:
            if isinstance(immediate, int):
                encode = leb128.signed if signed else leb128.unsigned
                self._items.append(encode(immediate))
            else:
                self._items.append(immediate)

    def _call(self, opcode: int, callee: Immediate) -> None:
        assert isinstance(callee, Ref)
        if opcode == _CALL:
            type_ = self._type_of(callee.symbol)
        else:
            assert callee.type is not None
            type_ = callee.type
            self._move(1, 0)
        self._items += [bytes([opcode]), callee]
        self._move(len(type_.parameters), len(type_.results))


def _locals(body: bytes) -> tuple[int, int]:
    """How many locals a body declares, and where its code begins."""
    count, at = leb128.read_unsigned(body, 0)
    found = 0
    for _ in range(count):
        number, at = leb128.read_unsigned(body, at)
        found += number
        at += 1  # the type
    return found, at


def _results(type_: Immediate) -> int:
    return 0 if type_ == bytes([_NO_RESULT]) else 1


def _depth(immediate: Immediate) -> int:
    assert isinstance(immediate, int)
    return immediate
