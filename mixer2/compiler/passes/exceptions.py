"""Exceptions without dynamic calls.

mypyc makes an exception by calling its class with boxed arguments, and its attributes are found by
name. Where the class is known:

    r1 = PyObject_Vectorcall(ValueError, [text], 1, 0)    ->   r1 = exception_with_text(...)
    r1 = PyObject_Vectorcall(HostcallError, [..], 2, 0)   ->   r1 = HostcallError(..)
    CPy_Raise(r1); dec_ref r1                             ->   raise_stolen(r1)
    PyObject_SetAttr(self, 'status', r2)                  ->   exception_set_attribute(...)
    PyObject_Str(error)                                   ->   exception_text(error)
"""

from collections.abc import Callable, Iterator, Mapping

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncDecl, FuncIR, FuncSignature
from mypyc.ir.ops import (
    Assign,
    BasicBlock,
    Box,
    Branch,
    Call,
    CallC,
    Cast,
    DecRef,
    Goto,
    Integer,
    LoadErrorValue,
    LoadLiteral,
    Op,
    Register,
    Return,
    Value,
)
from mypyc.ir.rtypes import (
    RInstance,
    RType,
    int_rprimitive,
    is_object_rprimitive,
    is_str_rprimitive,
    is_tagged,
    object_rprimitive,
)
from mypyc.subtype import is_subtype

from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.passes.super_init import EXCEPTION_INIT
from mixer2.compiler.passes.values import (
    CallArguments,
    all_ops,
    drop_result,
    never_fail,
    replace_values,
    without_casts,
)

_SET_TEXT = "exception_set_text"
_MADE_BY = frozenset({"exception_with_text", "exception_new"})

# Exceptions whose text needs more than one str as their argument is.
_SPECIAL_TEXT = frozenset({"Exc_KeyError_Type"})


class Exceptions:
    """The exception classes of a program.

    Args:
        classes: The program's classes, by full name.
        known_type: The symbol of the type object that an op gives, when it is always the same.
        builtin_base: Symbol of the type object of the built-in class that a class extends.
    """

    def __init__(
        self,
        classes: Mapping[str, ClassIR],
        known_type: Callable[[Value], str | None],
        builtin_base: Callable[[ClassIR], str],
    ) -> None:
        self._classes = classes
        self._known_type = known_type
        self._builtin_base = builtin_base
        self._sets_text: dict[str, bool] = {}
        # Values of the function at hand that are exceptions: which were caught, which it makes.
        self._caught: set[Value] = set()
        self._made: set[Value] = set()
        # Calls of classes, and the calls of constructors that take their place.
        self._constructed: dict[Value, Call] = {}

    def make_directly(self, function: FuncIR) -> None:
        """Rewrite what a function does with exceptions."""
        ops = [op for op in all_ops(function) if isinstance(op, CallC)]
        self._caught = _caught(function)
        self._made, self._constructed = set(), {}
        arguments = CallArguments(function)
        for op in ops:
            if op.function_name == EXCEPTION_INIT:
                _set_text(function, op, arguments)
            elif op.function_name == "PyObject_Vectorcall":
                self._make(op, arguments)
        arguments.remove_dropped()
        self._put_constructed(function)
        for op in ops:
            if op.function_name in ("PyObject_SetAttr", "CPyObject_GetAttr"):
                self._access_attribute(op)
            elif op.function_name == "PyObject_Str" and self._is_instance(op.args[0]):
                op.function_name = "exception_text"
        never_fail(function, {made for made in self._made if isinstance(made, CallC)})
        for cast in all_ops(function) if self._made else ():
            if isinstance(cast, Cast) and cast.src in self._made:
                cast.is_unchecked = True
        for block in function.blocks:
            self._raise(block)

    def _make(self, op: CallC, arguments: CallArguments) -> None:
        symbol = self._known_type(op.args[0])
        values = arguments.at(op.args[1])
        if symbol is None or not _is_nothing(op.args[3]):
            return
        if isinstance(op.args[2], Integer) and op.args[2].value == 0:
            values = []
        if values is None:
            return
        class_ = self._classes.get(symbol.removeprefix("type:"))
        init = class_.get_method("__init__") if class_ else None
        if class_ is not None and not is_exception(class_):
            return
        if class_ is None and not symbol.startswith("Exc_"):
            return
        made: Value = op
        if init is not None:
            assert class_ is not None
            constructed = self._construct(op, class_, init, values)
            if constructed is None:
                return
            arguments.drop(op.args[1])
            made = constructed
        elif self._holds_text(symbol, class_, values):
            op.function_name, op.args = "exception_with_text", [op.args[0], *values]
        else:
            op.function_name, op.args = "exception_new", op.args[:3]
        self._made.add(made)

    def _holds_text(self, symbol: str, class_: ClassIR | None, values: list[Value]) -> bool:
        base = self._builtin_base(class_) if class_ else symbol
        is_text = len(values) == 1 and is_str_rprimitive(values[0].type)
        return is_text and base not in _SPECIAL_TEXT

    def _construct(
        self, op: CallC, class_: ClassIR, init: FuncIR, values: list[Value]
    ) -> Call | None:
        """The constructor's call in place of `op`; None when the arguments do not fit."""
        if not self._sets_text_always(init):
            return None
        constructor = exception_constructor(class_)
        passed = _fit(values, constructor)
        if passed is None:
            return None
        call = Call(constructor, passed, op.line)
        self._constructed[op] = call
        return call

    def _put_constructed(self, function: FuncIR) -> None:
        if not self._constructed:
            return
        for block in function.blocks:
            block.ops = [self._constructed.get(op, op) for op in block.ops]
        replace_values(function, self._constructed)

    def _sets_text_always(self, init: FuncIR) -> bool:
        """Whether `__init__` gives `args` one text, and nobody sees `args` before.

        Then it does not matter that CPython's `__new__` has put the constructor's arguments there.
        """
        name = init.decl.fullname
        if name not in self._sets_text:
            self._sets_text[name] = _sets_text_always(init)
        return self._sets_text[name]

    def _access_attribute(self, op: CallC) -> None:
        owner, name = op.args[0], literal_text(op.args[1])
        if name is None or name.startswith("__") or name == "args":
            return
        if not isinstance(owner.type, RInstance) or not is_exception(owner.type.class_ir):
            return
        for class_ in [*owner.type.class_ir.mro, *(owner.type.class_ir.subclasses() or ())]:
            if class_.has_attr(name) or class_.has_method(name):
                return
        is_write = op.function_name == "PyObject_SetAttr"
        op.function_name = "exception_set_attribute" if is_write else "exception_get_attribute"

    def _raise(self, block: BasicBlock) -> None:
        for index, op in enumerate(block.ops):
            if not isinstance(op, CallC) or op.function_name != "CPy_Raise":
                continue
            value = op.args[0]
            if not self._is_instance(value):
                self._raise_class(op)
                continue
            following = block.ops[index + 1]
            if isinstance(following, DecRef) and following.src is value:
                op.function_name = "raise_stolen"
                del block.ops[index + 1]
            else:
                op.function_name = "raise_object"

    def _raise_class(self, op: CallC) -> None:
        symbol = self._known_type(op.args[0])
        if symbol is None:
            return
        class_ = self._classes.get(symbol.removeprefix("type:"))
        if symbol.startswith("Exc_") or (class_ and class_.get_method("__init__") is None):
            op.function_name = "raise_standard_error"
            op.args = [op.args[0], Integer(0, object_rprimitive)]

    def _is_instance(self, value: Value) -> bool:
        source = without_casts(value)
        if source in self._caught:
            return True
        if isinstance(source, CallC) and source.function_name in _MADE_BY:
            return True
        return isinstance(value.type, RInstance) and is_exception(value.type.class_ir)


def _caught(function: FuncIR) -> set[Value]:
    """The results of `except ... as`, and the variables that hold nothing else."""
    caught: set[Value] = set()
    assigned: dict[Register, list[Value]] = {}
    for op in all_ops(function):
        if isinstance(op, CallC) and op.function_name == "CPy_GetExcValue":
            caught.add(op)
        elif isinstance(op, Assign) and not isinstance(op.src, LoadErrorValue):
            assigned.setdefault(op.dest, []).append(without_casts(op.src))
    parameters = set(function.arg_regs)
    for variable, sources in assigned.items():
        if variable not in parameters and all(source in caught for source in sources):
            caught.add(variable)
    return caught


def is_exception(class_: ClassIR) -> bool:
    """Whether a class descends from a built-in exception."""
    return any(base.builtin_base == "PyBaseExceptionObject" for base in class_.mro)


def exception_constructor(class_: ClassIR) -> FuncDecl:
    """The declaration of an exception class's constructor, which mypyc does not make."""
    init = class_.get_method("__init__")
    assert init is not None, f"{class_.fullname} has no __init__"
    signature = FuncSignature(init.decl.sig.bound_sig().args, RInstance(class_))
    return FuncDecl(class_.name, None, class_.module_name, signature)


def _set_text(function: FuncIR, op: CallC, arguments: CallArguments) -> None:
    """`super().__init__(text)` of an exception class."""
    values = arguments.at(op.args[1])
    if values is not None and len(values) == 1 and is_str_rprimitive(values[0].type):
        arguments.drop(op.args[1])
        op.function_name, op.args = _SET_TEXT, [op.args[0], values[0]]
        drop_result(function, op)


def _sets_text_always(init: FuncIR) -> bool:
    self_ = init.arg_regs[0]
    pending = [init.blocks[0]]
    seen = set(pending)
    for block in pending:
        if _sets_text_in(block, self_):
            continue
        if any(self_ in op.sources() and not _is_harmless(op, self_) for op in block.ops):
            return False
        terminator = block.ops[-1]
        if isinstance(terminator, Return) and not isinstance(terminator.value, LoadErrorValue):
            return False
        for target in _targets(terminator):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return True


def _sets_text_in(block: BasicBlock, self_: Value) -> bool:
    for op in block.ops:
        if isinstance(op, CallC) and op.args and op.args[0] is self_:
            if op.function_name == _SET_TEXT:
                return True
            # Not rewritten yet: as many texts as it likes.
            if op.function_name == EXCEPTION_INIT:
                return True
        if self_ in op.sources() and not _is_harmless(op, self_):
            return False
    return False


def _is_harmless(op: Op, self_: Value) -> bool:
    return (
        isinstance(op, CallC)
        and op.function_name in ("PyObject_SetAttr", "exception_set_attribute")
        and op.args[0] is self_
        and op.args[2] is not self_
    )


def _targets(terminator: Op) -> Iterator[BasicBlock]:
    if isinstance(terminator, Goto):
        yield terminator.label
    elif isinstance(terminator, Branch):
        yield terminator.true
        yield terminator.false


def _fit(values: list[Value], constructor: FuncDecl) -> list[Value] | None:
    """Boxed arguments as a constructor takes them; None when they do not fit as they are."""
    parameters = constructor.sig.args
    if len(values) > len(parameters):
        return None
    if constructor.sig.num_bitmap_args or any(not p.kind.is_positional() for p in parameters):
        return None
    passed: list[Value] = []
    for index, parameter in enumerate(parameters):
        if index >= len(values):
            if not parameter.kind.is_optional():
                return None
            passed.append(LoadErrorValue(parameter.type))
            continue
        value = _unboxed(values[index], parameter.type)
        if value is None:
            return None
        passed.append(value)
    return passed


def _unboxed(value: Value, rtype: RType) -> Value | None:
    if not rtype.is_unboxed:
        return value if is_object_rprimitive(rtype) or is_subtype(_before(value), rtype) else None
    if isinstance(value, Box):
        same = value.src.type == rtype or (is_tagged(value.src.type) and is_tagged(rtype))
        return value.src if same else None
    if isinstance(value, LoadLiteral) and type(value.value) is int and is_tagged(rtype):
        return Integer(value.value, rtype)
    return None


def _before(value: Value) -> RType:
    """The type of a value before it became an object."""
    if isinstance(value, LoadLiteral) and type(value.value) is int:
        return int_rprimitive
    return value.src.type if isinstance(value, Box) else value.type


def _is_nothing(value: Value) -> bool:
    return isinstance(value, LoadErrorValue) or (isinstance(value, Integer) and value.value == 0)
