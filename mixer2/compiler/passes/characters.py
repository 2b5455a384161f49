"""Texts of one character that are only looked at are numbers: no object, no count.

r1 = CPyStr_GetItem(text, place)           r1 = str_character(text, place >> 1)
r2 = '='                              ->
r3 = CPyStr_EqualLiteral(r1, r2, 1)        r3 = r1 == 61
dec_ref r1

The number is the code point, as an int. A variable that only ever holds single characters is a
number, too. Where something else wants the text, it is made there: that of an ASCII character is a
static object (build/runtime/str.c).
"""

from collections import defaultdict

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_MAGIC,
    ERR_NEVER,
    Assign,
    AssignMulti,
    Branch,
    CallC,
    Cast,
    ComparisonOp,
    ControlOp,
    DecRef,
    GetElementPtr,
    IncRef,
    Integer,
    IntOp,
    KeepAlive,
    LoadAddress,
    LoadLiteral,
    Op,
    Register,
    Return,
    SetMem,
    Unborrow,
    Value,
)
from mypyc.ir.rtypes import (
    bit_rprimitive,
    bool_rprimitive,
    int64_rprimitive,
    int_rprimitive,
    is_str_rprimitive,
    str_rprimitive,
)

from mixer2.compiler.passes.values import all_ops, never_fail, replace_values

_BY_INT = "CPyStr_GetItem"
_BY_MACHINE_INT = "CPyStr_GetItemUnsafe"
_EQUAL = frozenset({"CPyStr_Equal", "CPyStr_EqualLiteral"})
_ORDER = "PyUnicode_Compare"
_ORD = "CPyStr_Ord"
_CONTAINS = "PyUnicode_Contains"

# So many comparisons take less than a search.
_FEW = 3

_Users = dict[Value, list[Op]]


def use_characters_as_numbers(function: FuncIR) -> None:
    """Let single characters be numbers where that saves their texts.

    Args:
        function: Its ops are changed.
    """
    read = [op for op in all_ops(function) if _is_read(op)]
    if read:
        _Characters(function, read).rewrite()


def _is_read(op: Op) -> bool:
    return isinstance(op, CallC) and op.function_name in (_BY_INT, _BY_MACHINE_INT)


def _code_point(value: Value) -> int | None:
    """The code point of a literal of one character."""
    if isinstance(value, LoadLiteral) and isinstance(value.value, str) and len(value.value) == 1:
        return ord(value.value)
    return None


class _Characters:
    def __init__(self, function: FuncIR, read: list[Op]) -> None:
        self._function = function
        self._users: _Users = defaultdict(list)
        self._assigned: dict[Register, list[Value]] = defaultdict(list)
        for op in all_ops(function):
            for source in dict.fromkeys(op.sources()):
                self._users[source].append(op)
            if isinstance(op, Assign):
                self._assigned[op.dest].append(op.src)
        parameters = set(function.arg_regs)
        variables = {
            variable
            for variable in self._assigned
            if is_str_rprimitive(variable.type) and variable not in parameters
        }
        # The characters, and the number that each becomes.
        self._numbers: dict[Value, Value] = {}
        # What asked about a text, and the same answer about its number.
        self._answers: dict[Value, Value] = {}
        chosen = {value for value in {*read, *variables} if self._can_be_number(value)}
        while dropped := {v for v in chosen if not self._stays(v, chosen)}:
            chosen -= dropped
        for value in [*read, *self._assigned]:
            if value in chosen:
                self._numbers[value] = _number_for(value)

    def _can_be_number(self, value: Value) -> bool:
        """Whether each use can do with a number, or with a text made for it."""
        users = self._users[value]
        if isinstance(value, Register) and any(_is_test(user) for user in users):
            return False
        return not any(
            isinstance(user, AssignMulti | GetElementPtr | LoadAddress | SetMem | Unborrow)
            or (isinstance(user, Cast | CallC) and user.is_borrowed)
            or (not isinstance(user, Assign | DecRef | IncRef) and _is_taken_twice(user, value))
            for user in users
        )

    def _stays(self, value: Value, chosen: set[Value]) -> bool:
        if isinstance(value, Register):
            for source in self._assigned[value]:
                if source not in chosen and _code_point(source) is None:
                    return False
        # Numbers pay where something looks at the character only.
        return any(
            (isinstance(user, Assign) and user.dest in chosen) or self._is_look(user)
            for user in self._users[value]
        )

    @staticmethod
    def _is_look(user: Op) -> bool:
        if not isinstance(user, CallC):
            return False
        if user.function_name in _EQUAL or user.function_name == _ORDER:
            return any(isinstance(argument, LoadLiteral) for argument in user.args)
        return user.function_name == _ORD or (
            user.function_name == _CONTAINS and isinstance(user.args[0], LoadLiteral)
        )

    def rewrite(self) -> None:
        if not self._numbers:
            return
        for block in self._function.blocks:
            ops: list[Op] = []
            for op in block.ops:
                ops += self._rewritten(op)
            block.ops = ops
        never_fail(self._function, self._answers.keys())
        replace_values(self._function, {**self._answers, **self._numbers})

    def _rewritten(self, op: Op) -> list[Op]:
        if op in self._numbers:
            return self._read(op)
        if isinstance(op, Assign) and op.dest in self._numbers:
            number = self._number(op.src)
            target = self._numbers[op.dest]
            assert number is not None
            assert isinstance(target, Register)
            return [Assign(target, number, op.line)]
        wanted = [source for source in dict.fromkeys(op.sources()) if source in self._numbers]
        if not wanted or _is_test(op):
            return [op]
        if isinstance(op, DecRef | IncRef | KeepAlive):
            return []
        if isinstance(op, CallC) and (looked := self._looked_at(op)) is not None:
            return looked
        return self._with_texts(op, wanted)

    def _read(self, op: Op) -> list[Op]:
        assert isinstance(op, CallC)
        call = self._numbers[op]
        assert isinstance(call, CallC)
        text, place = op.args
        if op.function_name == _BY_MACHINE_INT:
            call.args = [text, place]
            return [call]
        if isinstance(place, Integer):
            call.args = [text, Integer(place.numeric_value(), int64_rprimitive)]
            return [call]
        one = Integer(1, int64_rprimitive)
        machine = IntOp(int64_rprimitive, place, one, IntOp.RIGHT_SHIFT, op.line)
        call.args = [text, machine]
        return [machine, call]

    def _number(self, value: Value) -> Value | None:
        """The number of a character, or of a literal; None for other texts."""
        code_point = _code_point(value)
        if code_point is not None:
            return Integer(code_point, int_rprimitive)
        return self._numbers.get(value)

    def _looked_at(self, op: CallC) -> list[Op] | None:
        """The same question about numbers; None when it needs texts."""
        if op.function_name == _ORD:
            (text,) = op.args
            return self._answered(op, self._numbers[text], [])
        if op.function_name == _CONTAINS:
            return self._found_in(op)
        if op.function_name not in _EQUAL and op.function_name != _ORDER:
            return None
        left, right = self._number(op.args[0]), self._number(op.args[1])
        if left is None or right is None:
            return None
        if op.function_name == _ORDER:
            return self._ordered(op, left, right)
        equal = ComparisonOp(left, right, ComparisonOp.EQ, op.line)
        return self._answered(op, equal, [equal])

    def _ordered(self, op: CallC, left: Value, right: Value) -> list[Op] | None:
        """Tests of the order against 0 compare the numbers instead."""
        tests = self._users[op]
        for test in tests:
            if not isinstance(test, ComparisonOp) or test.lhs is not op:
                return None
        for test in tests:
            test.set_sources([left, right])
        return []

    def _found_in(self, op: CallC) -> list[Op] | None:
        where, character = op.args
        number = self._number(character)
        if number is None or where in self._numbers:
            return None
        literal = where.value if isinstance(where, LoadLiteral) else None
        if isinstance(literal, str) and 0 < len(literal) <= _FEW:
            ops: list[Op] = []
            found: Value | None = None
            for each in dict.fromkeys(literal):
                code_point = Integer(ord(each), int_rprimitive)
                equal = ComparisonOp(number, code_point, ComparisonOp.EQ, op.line)
                ops.append(equal)
                if found is None:
                    found = equal
                else:
                    either = IntOp(bit_rprimitive, found, equal, IntOp.OR, op.line)
                    ops.append(either)
                    found = either
            assert found is not None
            return self._answered(op, found, ops)
        call = CallC(
            "str_has_character", [where, number], bool_rprimitive, False, False, ERR_NEVER, op.line
        )
        return self._answered(op, call, [call])

    def _answered(self, op: CallC, answer: Value, ops: list[Op]) -> list[Op]:
        self._answers[op] = answer
        return ops

    def _with_texts(self, op: Op, wanted: list[Value]) -> list[Op]:
        """The op with the texts that it wants, made before it."""
        before: list[Op] = []
        after: list[Op] = []
        texts: dict[Value, Value] = {}
        for value in wanted:
            number = [self._numbers[value]]
            name = "str_of_character"
            text = CallC(name, number, str_rprimitive, False, False, ERR_NEVER, op.line)
            before.append(text)
            texts[value] = text
            if value not in op.stolen():
                after.append(DecRef(text, line=op.line))
        op.set_sources([texts.get(source, source) for source in op.sources()])
        assert not after or not isinstance(op, ControlOp)
        return [*before, op, *after]


def _number_for(value: Value) -> Value:
    if isinstance(value, Register):
        return Register(int_rprimitive, value.name, line=value.line)
    return CallC("str_character", [], int_rprimitive, False, False, ERR_MAGIC, value.line)


def _is_test(op: Op) -> bool:
    return isinstance(op, Branch) and op.op == Branch.IS_ERROR


def _is_taken_twice(op: Op, value: Value) -> bool:
    sources = op.sources()
    return sum(source is value for source in sources) > 1 or (
        isinstance(op, ControlOp) and not _is_test(op) and not isinstance(op, Return)
    )
