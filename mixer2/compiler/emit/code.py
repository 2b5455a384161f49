"""A function body under construction.

Results stay on Wasm's operand stack as long as the next operation can take them from there, and
go to a local only when they are wanted later or twice. `Code` keeps track of what lies on the
stack (`_pending`).
"""

import struct
from collections import Counter
from typing import Protocol

from mypyc.ir.ops import CString, Float, Integer, LoadErrorValue, LoadLiteral, Undef, Value
from mypyc.ir.rtypes import RArray

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.peephole import shorten
from mixer2.compiler.link.instructions import Immediate, Instruction, encode, parse
from mixer2.compiler.link.symbols import Piece, Ref, RefKind
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I64, FunctionType, vector

_LOCAL_OPCODES = frozenset(
    code[0] for code in (opcodes.LOCAL_GET, opcodes.LOCAL_SET, opcodes.LOCAL_TEE)
)


class Code:
    """Code pieces, locals and the operand stack of one function.

    Args:
        parameters: Wasm types of the parameters.
    """

    def __init__(self, parameters: bytes) -> None:
        self._items: list[Piece] = []
        self._needs: list[Piece] = []
        self._parameter_count = len(parameters)
        # The author's line that is being emitted.
        self.line = 0
        self._local_types = list(parameters)

    def emit(self, *code: bytes) -> None:
        """Append code."""
        self._items += code

    def ref(self, kind: RefKind, symbol: str, addend: int = 0) -> None:
        """Append a reference which the linker resolves."""
        self.append(Ref(kind, symbol, addend))

    def append(self, ref: Ref) -> None:
        """Append a reference."""
        if ref.kind is RefKind.NEED:
            self._needs.append(ref)
        else:
            self._items.append(ref)

    def const(self, value: int) -> None:
        """Push an i32."""
        self.emit(opcodes.I32_CONST + leb128.signed(value))

    def const64(self, value: int) -> None:
        """Push an i64."""
        self.emit(opcodes.I64_CONST + leb128.signed(value))

    def address(self, symbol: str, addend: int = 0) -> None:
        """Push the address of a data symbol."""
        self.emit(opcodes.I32_CONST)
        self.ref(RefKind.ADDRESS, symbol, addend)

    def call(self, symbol: str) -> None:
        """Call a function."""
        self.emit(opcodes.CALL)
        self.append(Ref(RefKind.FUNCTION, symbol, line=self.line))

    def call_indirect(self, type_: FunctionType) -> None:
        """Call the function whose table slot is on the stack."""
        self.emit(opcodes.CALL_INDIRECT)
        self.append(Ref(RefKind.TYPE, type=type_, line=self.line))
        self.append(Ref(RefKind.TABLE))

    def get(self, local: int) -> None:
        """Push a local."""
        self.emit(opcodes.LOCAL_GET + leb128.unsigned(local))

    def set(self, local: int) -> None:
        """Pop into a local."""
        self.emit(opcodes.LOCAL_SET + leb128.unsigned(local))

    def tee(self, local: int) -> None:
        """Copy the top of the stack into a local."""
        self.emit(opcodes.LOCAL_TEE + leb128.unsigned(local))

    def load(self, kind: representation.Scalar, offset: int) -> None:
        """Replace an address by what lies there."""
        self.emit(kind.load + leb128.unsigned(offset))

    def store(self, kind: representation.Scalar, offset: int) -> None:
        """Pop a value and an address below it, and store."""
        self.emit(kind.store + leb128.unsigned(offset))

    def new_local(self, type_: int) -> int:
        """Index of a fresh local."""
        self._local_types.append(type_)
        return len(self._local_types) - 1

    def finish(self, result_unreachable: bool = False) -> list[Piece]:
        """The body: local declarations, code, and the final `end`."""
        if result_unreachable:
            self.emit(opcodes.UNREACHABLE)
        code = self._pack_locals(shorten(parse(self._items)))
        return [self._declarations(), *encode(code), opcodes.END, *self._needs]

    def _pack_locals(self, code: list[Instruction]) -> list[Instruction]:
        """Number the locals that are left by type."""
        used = {immediates[0] for opcode, immediates in code if opcode in _LOCAL_OPCODES}
        kept = [n for n in range(self._parameter_count, len(self._local_types)) if n in used]
        kept.sort(key=lambda number: self._local_types[number])
        numbers: dict[Immediate, int] = {n: n for n in range(self._parameter_count)}
        numbers |= {old: self._parameter_count + new for new, old in enumerate(kept)}
        self._local_types[self._parameter_count :] = [self._local_types[old] for old in kept]
        return [
            (opcode, (numbers[immediates[0]],))
            if opcode in _LOCAL_OPCODES
            else (opcode, immediates)
            for opcode, immediates in code
        ]

    def _declarations(self) -> bytes:
        own = Counter(self._local_types[self._parameter_count :])
        return vector(leb128.unsigned(count) + bytes([type_]) for type_, count in own.items())


class LiteralSource(Protocol):
    """Where the addresses of constant objects come from."""

    def literal(self, value: object) -> str:
        """Data symbol of a literal object."""

    def c_string(self, value: bytes) -> str:
        """Data symbol of a NUL-terminated string."""


class Operands:
    """The values of one IR function: in locals, on the operand stack, or constant.

    Args:
        code: Where code goes.
        uses: How often each value is used.
        literals: Gives the data symbols of constant objects.
    """

    def __init__(self, code: Code, uses: dict[Value, int], literals: LiteralSource) -> None:
        self._code = code
        self._uses = uses
        self._literals = literals
        self._locals: dict[Value, list[int]] = {}
        self._pending: list[Value] = []
        self._aliases: dict[Value, str] = {}
        self._memory: dict[Value, tuple[int, int]] = {}

    def bind(self, value: Value, locals_: list[int]) -> None:
        """Say in which locals a value lies (parameters)."""
        self._locals[value] = locals_

    def bind_memory(self, value: Value, base: int, offset: int) -> None:
        """Say that a variable lies in memory, at an offset from the address in local `base`."""
        self._memory[value] = (base, offset)

    def alias(self, value: Value, symbol: str) -> None:
        """Say that a value is the address of a data symbol."""
        self._aliases[value] = symbol

    def alias_of(self, value: Value) -> str | None:
        """The data symbol whose address a value is known to be."""
        return self._aliases.get(value)

    def locals_of(self, value: Value) -> list[int]:
        """The locals of a value, made when it has none yet. It must not be on the stack."""
        if value not in self._locals:
            self._locals[value] = [
                self._code.new_local(t) for t in representation.local_types(value.type)
            ]
        return self._locals[value]

    def is_constant(self, value: Value) -> bool:
        """Whether a value is written out wherever it is used."""
        if isinstance(value, LoadLiteral) and isinstance(value.value, frozenset):
            return False
        return value in self._aliases or isinstance(
            value, Integer | Float | CString | Undef | LoadLiteral | LoadErrorValue
        )

    def push(self, *values: Value) -> None:
        """Push values, in order. Takes those that lie on the stack already from there."""
        taken = self._take(values)
        self.flush_multiple()
        for value in values[taken:]:
            self._push_one(value)

    def local(self, value: Value) -> int:
        """A local that holds a scalar value; what was on the stack above moves to locals too."""
        if value in self._pending:
            self.flush()
        if self.is_constant(value) or value in self._memory:
            local = self._code.new_local(representation.local_types(value.type)[0])
            self._push_one(value)
            self._code.set(local)
            return local
        return self.locals_of(value)[0]

    def result(self, value: Value) -> None:
        """The result of an operation lies on top of the stack."""
        uses = self._uses.get(value, 0)
        if uses == 0:
            self._code.emit(opcodes.DROP)
        else:
            self._pending.append(value)

    def results(self, value: Value) -> None:
        """The results of an operation (a tuple's scalars) lie on the stack, the last on top."""
        for local in reversed(self.locals_of(value)):
            self._code.set(local)

    def settle(self, value: Value) -> None:
        """Leave nothing but `value` on the stack, and that only when it is there already."""
        if self._pending != [value]:
            self.flush()

    def flush(self) -> None:
        """Move everything that is on the stack to locals."""
        while self._pending:
            value = self._pending.pop()
            self._code.set(self.locals_of(value)[0])

    def flush_multiple(self) -> None:
        """Move values that are used more than once to locals, and what lies above them."""
        for index, value in enumerate(self._pending):
            if self._uses[value] > 1:
                while len(self._pending) > index:
                    top = self._pending.pop()
                    self._code.set(self.locals_of(top)[0])
                return

    def _take(self, values: tuple[Value, ...]) -> int:
        """How many of `values` lie on top of the stack in this order; they are taken."""
        for count in range(min(len(values), len(self._pending)), 0, -1):
            candidates = self._pending[-count:]
            if candidates != list(values[:count]):
                continue
            if any(self._uses[v] > 1 for v in candidates[:-1]):
                continue
            below = self._pending[:-count]
            if any(v in below for v in values[count:]) or any(self._uses[v] > 1 for v in below):
                continue
            last = candidates[-1]
            del self._pending[-count:]
            if self._uses[last] > 1:
                self._code.tee(self.locals_of(last)[0])
            return count
        if any(value in self._pending for value in values):
            self.flush()
        return 0

    def _push_one(self, value: Value) -> None:
        code = self._code
        if (symbol := self._aliases.get(value)) is not None:
            code.address(symbol)
        elif isinstance(value, Integer):
            self._push_integer(value)
        elif isinstance(value, Float):
            code.emit(opcodes.F64_CONST + struct.pack("<d", value.value))
        elif isinstance(value, CString):
            code.address(self._literals.c_string(value.value))
        elif isinstance(value, LoadLiteral) and not isinstance(value.value, frozenset):
            code.address(self._literals.literal(value.value))
        elif isinstance(value, LoadErrorValue | Undef):
            for item in representation.scalars(value.type):
                code.emit(representation.error_constant(item))
        elif value in self._memory:
            base, offset = self._memory[value]
            code.get(base)
            code.load(representation.scalar(value.type), offset)
        elif isinstance(value.type, RArray):
            raise AssertionError("an array is used by its address only")
        else:
            for local in self.locals_of(value):
                code.get(local)

    def _push_integer(self, value: Integer) -> None:
        if representation.scalar(value.type).local == I64:
            number = value.value
            if number >= 1 << 63:
                number -= 1 << 64
            self._code.const64(number)
        else:
            number = value.value
            if number >= 1 << 31:
                number -= 1 << 32
            self._code.const(number)
