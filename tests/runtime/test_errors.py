"""Exceptions: raising, catching, chaining, and the text of a traceback."""

import traceback

import pytest

from tests.runtime.harness import Boxed, Handle, Runtime

FIELD = {"args": 8, "attributes": 12, "cause": 16, "context": 20, "traceback": 24}
BUILTIN = [
    *("BaseException", "GeneratorExit", "KeyboardInterrupt", "SystemExit", "Exception"),
    *("StopIteration", "StopAsyncIteration", "ArithmeticError", "FloatingPointError"),
    *("OverflowError", "ZeroDivisionError", "AssertionError", "AttributeError", "BufferError"),
    *("EOFError", "ImportError", "ModuleNotFoundError", "LookupError", "IndexError", "KeyError"),
    *("MemoryError", "NameError", "UnboundLocalError", "OSError", "ConnectionError"),
    *("TimeoutError", "PermissionError", "RuntimeError", "NotImplementedError"),
    *("RecursionError", "TypeError", "ValueError", "UnicodeError", "UnicodeDecodeError"),
    *("UnicodeEncodeError", "Warning", "DeprecationWarning", "RuntimeWarning", "UserWarning"),
]


class Guest:
    """Exceptions of the guest as Python would handle them."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.scopes: dict[tuple[str, str], int] = {}

    def type(self, name: str) -> int:
        return self.runtime.address(f"Exc_{name}_Type")

    def new(self, name: str, *arguments: object) -> int:
        """A new exception object."""
        run = self.runtime
        items = [run.make(argument) for argument in arguments]
        array = run.raw("mixer2_alloc", 4 * len(items) + 4)
        run.write(array, b"".join(a.to_bytes(4, "little") for a in items))
        made = run.raw("exception_new", self.type(name), array, len(items))
        for item in items:
            run.release(item)
        run.raw("mixer2_free", array)
        return int(made)

    def text(self, function: str, exception: int) -> str:
        """What a function that returns text says of it."""
        address = self.runtime.raw(function, exception)
        text = self.runtime.value(address)
        self.runtime.release(address)
        assert isinstance(text, str)
        return text

    def c(self, text: str) -> int:
        """A C string that is never freed."""
        address = self.runtime.raw("mixer2_alloc", len(text) + 1)
        self.runtime.write(address, text.encode() + b"\0")
        return int(address)

    def passes(self, file: str, function: str, line: int) -> None:
        """The pending exception passes a line; as the compiler does, one scope per function."""
        if (file, function) not in self.scopes:
            address = int(self.runtime.raw("mixer2_alloc", 8))
            words = (self.c(file), self.c(function))
            self.runtime.write(address, b"".join(w.to_bytes(4, "little") for w in words))
            self.scopes[file, function] = address
        self.runtime.raw("traceback_add", self.scopes[file, function], line)

    def field(self, exception: int, name: str) -> int:
        return self.runtime.u32(exception + FIELD[name])

    def catch(self) -> int:
        """Begin to handle the pending exception; the address of what was handled before."""
        info = int(self.runtime.raw("mixer2_alloc", 12))
        self.runtime.raw("CPy_CatchError", info)
        return info

    def restore(self, info: int) -> None:
        """Go back to handling what was handled before."""
        self.runtime.raw("CPy_RestoreExcInfo", info)
        for offset in (0, 4, 8):
            self.runtime.release(self.runtime.u32(info + offset))
        self.runtime.raw("mixer2_free", info)


@pytest.fixture
def guest(runtime: Runtime) -> Guest:
    return Guest(runtime)


@pytest.mark.parametrize("name", BUILTIN)
def test_the_hierarchy_is_cpythons(guest: Guest, name: str) -> None:
    run = guest.runtime
    kind = guest.type(name)
    assert run.c_string(run.u32(kind + 8)) == name
    bases = []
    while kind:
        bases.append(run.c_string(run.u32(kind + 8)))
        kind = run.u32(kind + 12)
    assert bases == [base.__name__ for base in getattr(__builtins__, name, eval(name)).__mro__]  # noqa: S307


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *((name, ()) for name in ("ValueError", "KeyError", "OSError", "UnicodeDecodeError")),
        *((name, ("it's",)) for name in ("ValueError", "KeyError", "StopIteration")),
        ("ValueError", ("",)),
        ("ValueError", (7,)),
        ("ValueError", ("a", 1, None)),
        ("KeyError", (b"\xff",)),
        ("KeyError", ("a", "b")),
        ("OSError", (9999, "No such thing")),
        ("UnicodeDecodeError", ("utf-8", b"a\xff", 1, 2, "invalid start byte")),
        ("UnicodeDecodeError", ("utf-8", b"a\xff\xff", 1, 3, "invalid start byte")),
        ("UnicodeEncodeError", ("ascii", "aé", 1, 2, "ordinal not in range(128)")),
        ("UnicodeEncodeError", ("ascii", "a\u8a9e", 1, 2, "ordinal not in range(128)")),
        ("UnicodeEncodeError", ("ascii", "a\U0001f600", 1, 2, "ordinal not in range(128)")),
        ("UnicodeEncodeError", ("ascii", "ééé", 0, 3, "ordinal not in range(128)")),
    ],
)
def test_str_and_repr(guest: Guest, name: str, arguments: tuple[object, ...]) -> None:
    before = guest.runtime.live_objects()
    exception = guest.new(name, *arguments)
    if name.startswith("Unicode") and not arguments:
        assert guest.text("PyObject_Str", exception) == ""
    else:
        python = eval(name)(*arguments)  # noqa: S307
        assert guest.text("PyObject_Str", exception) == str(python)
        assert guest.text("PyObject_Repr", exception) == repr(python)
    guest.runtime.release(exception)
    assert guest.runtime.live_objects() == before


def test_raise_and_catch(guest: Guest) -> None:
    run = guest.runtime
    before = run.live_objects()
    assert run.raw("PyErr_Occurred") == 0
    assert run.raw("CPy_NoErrOccurred") == 1
    exception = guest.new("KeyError", "k")
    run.raw("CPy_Raise", exception)
    run.release(exception)
    assert run.raw("PyErr_Occurred") == guest.type("KeyError")
    assert run.raw("CPy_NoErrOccurred") == 0
    assert run.raw("CPy_KeepPropagating") == 0

    info = guest.catch()

    assert run.raw("PyErr_Occurred") == 0
    assert run.raw("CPy_ExceptionMatches", guest.type("LookupError")) == 1
    assert run.raw("CPy_ExceptionMatches", guest.type("ValueError")) == 0
    both = run.make((Handle(guest.type("ValueError")), Handle(guest.type("KeyError"))))
    assert run.raw("CPy_ExceptionMatches", both) == 1
    value = run.raw("CPy_GetExcValue")
    assert value == exception
    run.release(value)
    run.raw("CPy_Reraise")
    assert run.raw("PyErr_Occurred") == guest.type("KeyError")
    run.raw("error_clear")
    guest.restore(info)
    assert run.raw("CPy_ExceptionMatches", guest.type("BaseException")) == 0
    run.release(both)
    assert run.live_objects() == before


def test_raise_of_a_class_makes_an_instance(guest: Guest) -> None:
    before = guest.runtime.live_objects()
    guest.runtime.raw("CPy_Raise", guest.type("StopIteration"))
    pending = guest.runtime.raw("error_take")
    assert guest.runtime.type_name(pending) == "StopIteration"
    assert guest.runtime.value(guest.field(pending, "args")) == ()
    guest.runtime.release(pending)
    assert guest.runtime.live_objects() == before


@pytest.mark.parametrize("value", ["text", None, 3])
def test_raise_of_what_is_no_exception(guest: Guest, value: object) -> None:
    with pytest.raises(TypeError, match=r"^exceptions must derive from BaseException$"):
        guest.runtime.call("CPy_Raise", Boxed(value), result="none")


def raise_new(guest: Guest, name: str, message: str) -> int:
    """Raise; the address of the pending exception, borrowed."""
    guest.runtime.raw("raise_standard_error", guest.type(name), guest.c(message))
    return int(guest.runtime.raw("error_pending"))


def test_what_is_handled_becomes_the_context(guest: Guest) -> None:
    first = raise_new(guest, "ValueError", "first")
    info = guest.catch()
    second = raise_new(guest, "KeyError", "second")

    assert guest.field(second, "context") == first
    assert guest.field(first, "context") == 0

    guest.runtime.raw("raise_object", first)
    assert guest.field(first, "context") == 0, "an exception is not its own context"
    guest.restore(info)
    guest.runtime.raw("error_clear")


def test_a_context_never_leads_back(guest: Guest) -> None:
    run = guest.runtime
    before = run.live_objects()
    first = guest.new("ValueError", "first")
    run.raw("raise_object", first)
    outer = guest.catch()
    second = guest.new("KeyError", "second")
    run.raw("raise_object", second)
    inner = guest.catch()
    run.raw("raise_object", first)
    assert guest.field(first, "context") == second
    assert guest.field(second, "context") == 0
    run.raw("error_clear")
    guest.restore(inner)
    guest.restore(outer)
    run.release(first)
    run.release(second)
    assert run.live_objects() == before


def test_the_cause(guest: Guest) -> None:
    run = guest.runtime
    before = run.live_objects()
    exception, cause = guest.new("ValueError", "x"), guest.new("KeyError", "k")
    same = run.raw("exception_set_cause", exception, cause)
    assert same == exception
    assert guest.field(exception, "cause") == cause
    run.release(same)
    none = run.make(None)
    run.release(run.raw("exception_set_cause", exception, none))
    assert guest.field(exception, "cause") == 0
    run.release(exception)
    run.release(cause)
    assert run.live_objects() == before
    assert run.raw("exception_set_cause", guest.new("ValueError"), run.make("no")) == 0
    pending = run.raw("error_take")
    text = guest.text("PyObject_Str", pending)
    assert text == "exception causes must derive from BaseException"


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (None, "None"),
        ("x", "str"),
        ((1, "a", (None,)), "tuple[int, str, tuple[None]]"),
        (tuple(range(11)), "tuple[<11 items>]"),
    ],
)
def test_a_wrong_type_is_named_as_mypyc_does(guest: Guest, value: object, got: str) -> None:
    with pytest.raises(TypeError) as raised:
        guest.runtime.call("CPy_TypeError", guest.c("int"), value, result="none")
    assert str(raised.value) == f"int object expected; got {got}"


def describe(guest: Guest, exception: int) -> str:
    return guest.text("native__pal__failure__describe", exception)


def test_description(guest: Guest) -> None:
    run = guest.runtime
    exception = guest.new("ValueError", "bad")
    assert describe(guest, exception) == "ValueError: bad"
    run.raw("raise_object", exception)
    guest.passes("pal/a.py", "inner", 3)
    guest.passes("filters/b.py", "outer", 40)
    assert describe(guest, exception) == (
        "Traceback (most recent call last):\n"
        '  File "filters/b.py", line 40, in outer\n'
        '  File "pal/a.py", line 3, in inner\n'
        "ValueError: bad"
    )
    run.raw("error_clear")
    run.release(exception)


def test_sites_are_freed_with_the_exception(guest: Guest) -> None:
    run = guest.runtime
    for _ in range(3):
        before = run.live_objects()
        run.raw("raise_standard_error", guest.type("ValueError"), 0)
        for line in range(1000):
            guest.passes("a.py", "f", line)
        run.raw("error_clear")
    assert run.live_objects() == before


def python_description(failure: BaseException) -> str:
    """CPython's words without source lines and carets."""
    lines = "".join(traceback.TracebackException.from_exception(failure).format()).splitlines()
    kept = [line for line in lines if not line.startswith("    ")]
    return "\n".join(kept).replace(__file__, "test.py")


def test_chains_read_as_cpythons(guest: Guest) -> None:
    run = guest.runtime

    def python() -> None:
        try:
            try:
                raise KeyError("k")  # noqa: TRY301
            except KeyError as error:
                raise ValueError("v") from error
        except ValueError:
            raise RuntimeError  # noqa: B904  (its context is what is tested)

    first, second, third = guest.new("KeyError", "k"), guest.new("ValueError", "v"), 0
    try:
        python()
    except RuntimeError as failure:
        expected = python_description(failure)
        middle = failure.__context__
        assert middle
        assert middle.__cause__
        lines = [
            [frame.lineno or 0 for frame in traceback.extract_tb(link.__traceback__)]
            for link in (middle.__cause__, middle, failure)
        ]
        caller = traceback.extract_tb(failure.__traceback__)[0]
    run.raw("raise_object", first)
    guest.passes("test.py", "python", lines[0][0])
    outer = guest.catch()
    run.release(run.raw("exception_set_cause", second, first))
    run.raw("raise_object", second)
    guest.passes("test.py", "python", lines[1][0])
    guest.restore(outer)
    outer = guest.catch()
    third = guest.new("RuntimeError")
    run.raw("raise_object", third)
    guest.passes("test.py", "python", lines[2][1])
    guest.passes("test.py", caller.name, caller.lineno or 0)
    guest.restore(outer)
    assert describe(guest, third) == expected


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 50])
def test_repeated_lines_are_counted(guest: Guest, depth: int) -> None:
    def recurse(left: int) -> None:
        if left:
            recurse(left - 1)
        else:
            raise OverflowError("deep")

    try:
        recurse(depth)
    except OverflowError as failure:
        expected = python_description(failure)
        frames = traceback.extract_tb(failure.__traceback__)
    exception = guest.new("OverflowError", "deep")
    guest.runtime.raw("raise_object", exception)
    for frame in reversed(frames):
        guest.passes("test.py", frame.name, frame.lineno or 0)
    assert describe(guest, exception) == expected


def test_a_loop_in_the_chain_ends(guest: Guest) -> None:
    first, second = guest.new("ValueError", "1"), guest.new("ValueError", "2")
    for one, other in ((first, second), (second, first)):
        guest.runtime.release(guest.runtime.raw("exception_set_cause", one, other))
    assert describe(guest, first).count("ValueError") == 2


def test_recursion_error(guest: Guest) -> None:
    with pytest.raises(RecursionError, match=r"^maximum recursion depth exceeded$"):
        guest.runtime.call("recursion_error", result="none")
