"""Attributes, methods and calls by name, on an object laid out as the compiler would."""

import struct
from collections.abc import Iterator

import pytest

from tests.runtime.harness import Boxed, Handle, LinkedRuntime, Runtime, outcome

# Offsets of build/runtime/object.h.
TYPE_SIZE = 100
DEALLOC, REPR, CALL, CREATE = 28, 32, 76, 92
OBJECT_AT, INT_AT, BOOL_AT, FLOAT_AT, INSTANCE_SIZE = 8, 16, 24, 32, 40


class Specimen:
    """A class with one attribute of each kind, and an instance of it.

    Its method and its getter are borrowed from built-in types whose slots have the same signature:
    `method(x)` is list(x), `property` is repr(None).
    """

    def __init__(self, guest: Runtime) -> None:
        self.guest = guest
        self.before = guest.live_objects()
        self.blocks: list[int] = []
        self.names: list[int] = []
        self.class_slot = self.block(struct.pack("<I", guest.make("of the class")))
        slot = guest.address("PyList_Type") + CREATE
        getter = guest.address("NoneType_Type") + REPR
        table = b"".join(
            [
                self.entry("method", "attribute_method", guest.u32(slot)),
                self.entry("property", "attribute_property", guest.u32(getter)),
                self.entry("value", "attribute_value", self.class_slot),
                self.entry("object", "attribute_field_object", OBJECT_AT),
                self.entry("int", "attribute_field_int", INT_AT),
                self.entry("bool", "attribute_field_bool", BOOL_AT),
                self.entry("float", "attribute_field_float", FLOAT_AT),
                bytes(12),
            ]
        )
        self.type = self.make_type("Specimen", table, guest.address("PyBaseObject_Type"))
        self.subtype = self.make_type("Special", bytes(12), self.type)
        self.instance = self.block(bytes(INSTANCE_SIZE))
        guest.write(self.instance, struct.pack("<II", 1, self.subtype))
        guest.write(self.instance + OBJECT_AT, struct.pack("<I", 0))
        guest.write(self.instance + INT_AT, struct.pack("<q", 1))
        guest.write(self.instance + BOOL_AT, b"\2")
        guest.write(self.instance + FLOAT_AT, struct.pack("<d", 2.5))

    def block(self, content: bytes) -> int:
        address = int(self.guest.raw("mixer2_alloc", len(content)))
        self.guest.write(address, content)
        self.blocks.append(address)
        return address

    def entry(self, name: str, kind: str, target: int) -> bytes:
        self.names.append(self.guest.make(name))
        return struct.pack("<III", self.names[-1], self.guest.address(kind), target)

    def make_type(self, name: str, table: bytes, base: int) -> int:
        content = bytearray(TYPE_SIZE)
        struct.pack_into("<II", content, 0, 1 << 30, self.guest.address("PyType_Type"))
        struct.pack_into("<II", content, 8, self.block(name.encode() + b"\0"), base)
        struct.pack_into("<I", content, 24, self.block(table))
        return self.block(bytes(content))

    def get(self, name: str) -> object:
        return outcome(lambda: self.guest.call("PyObject_GetAttr", self.instance, name))

    def set(self, name: str, value: object) -> object:
        """None when it was set."""
        lent = self.guest.make(value)
        text = self.guest.make(name)
        status = self.guest.raw("PyObject_SetAttr", self.instance, text, lent)
        return self.finish(status, text, lent)

    def delete(self, name: str) -> object:
        text = self.guest.make(name)
        return self.finish(self.guest.raw("PyObject_DelAttr", self.instance, text), text)

    def finish(self, status: int, *lent: int) -> object:
        for address in lent:
            self.guest.release(address)
        failure = self.guest._take_failure()
        assert (status == -1) == (failure is not None)
        return (type(failure), str(failure)) if failure else None

    def close(self) -> None:
        held = self.guest.u32(self.instance + OBJECT_AT)
        for address in (*self.names, self.guest.u32(self.class_slot), held):
            if address:
                self.guest.release(address)
        for address in self.blocks:
            self.guest.raw("mixer2_free", address)
        assert self.guest.live_objects() == self.before


@pytest.fixture
def specimen(linked: LinkedRuntime) -> Iterator[Specimen]:
    specimen = Specimen(Runtime(linked))
    yield specimen
    specimen.close()


def test_fields_that_are_not_set(specimen: Specimen) -> None:
    for name in ("object", "int", "bool"):
        complaint = AttributeError, f"'Special' object has no attribute '{name}'"
        assert specimen.get(name) == complaint
    assert specimen.get("float") == 2.5


@pytest.mark.parametrize(
    ("name", "value"), [("object", ["x"]), ("int", -7), ("bool", True), ("float", 1.25)]
)
def test_fields_are_written_and_read(specimen: Specimen, name: str, value: object) -> None:
    assert specimen.set(name, value) is None
    assert specimen.get(name) == value
    assert specimen.set(name, value) is None
    if name != "float":
        assert specimen.delete(name) is None
        assert isinstance(specimen.get(name), tuple)


def test_unboxed_fields_take_their_type_only(specimen: Specimen) -> None:
    assert specimen.set("int", "x") == (TypeError, "attribute 'int' takes int, not 'str'")
    assert specimen.set("bool", 1) == (TypeError, "attribute 'bool' takes bool, not 'int'")
    assert specimen.set("float", "x") == (TypeError, "attribute 'float' takes float, not 'str'")
    assert specimen.set("float", 3) is None
    assert specimen.get("float") == 3.0


def test_properties_and_values_of_the_class(specimen: Specimen) -> None:
    assert specimen.get("property") == "None"
    assert specimen.set("property", 1) == (
        AttributeError,
        "property 'property' of 'Special' object has no setter",
    )
    assert specimen.get("value") == "of the class"
    assert specimen.set("value", 1) == (
        AttributeError,
        "'Special' object attribute 'value' is read-only",
    )
    assert specimen.set("method", 1) == (
        AttributeError,
        "'Special' object attribute 'method' is read-only",
    )


def test_missing_attributes(specimen: Specimen) -> None:
    missing = AttributeError, "'Special' object has no attribute 'nothing'"
    assert specimen.get("nothing") == missing
    assert specimen.set("nothing", 1) == missing
    assert specimen.delete("nothing") == missing
    guest, instance = specimen.guest, specimen.instance
    assert guest.call("CPyObject_GetAttr3", instance, "nothing", Boxed(5)) == 5
    assert guest.call("CPyObject_GetAttr3", instance, "float", Boxed(5)) == 2.5
    assert guest.call("PyObject_HasAttr", instance, "nothing", result="raw") == 0
    assert guest.call("PyObject_HasAttr", instance, "value", result="raw") == 1
    got = outcome(lambda: guest.call("PyObject_GetAttr", instance, Boxed(3)))
    assert got == (TypeError, "attribute name must be string, not 'int'")


def test_on_the_class(specimen: Specimen) -> None:
    guest = specimen.guest
    assert guest.call("PyObject_GetAttr", specimen.type, "value") == "of the class"
    assert guest.call("PyObject_GetAttr", specimen.type, "__name__") == "Specimen"
    assert guest.call("CPy_GetName", specimen.subtype) == "Special"
    got = outcome(lambda: guest.call("PyObject_GetAttr", specimen.type, "object"))
    assert got == (AttributeError, "type object 'Specimen' has no attribute 'object'")
    new = guest.make("new")
    name = guest.make("value")
    assert guest.raw("PyObject_SetAttr", specimen.type, name, new) == 0
    guest.release(new)
    guest.release(name)
    assert specimen.get("value") == "new"
    method = guest.make("method")
    unbound = guest.raw("PyObject_GetAttr", specimen.type, method)
    assert guest.type_name(unbound) == "method_descriptor"
    guest.release(unbound)
    guest.release(method)


def array_of(guest: Runtime, *addresses: int) -> int:
    array = int(guest.raw("mixer2_alloc", 4 * len(addresses) + 4))
    guest.write(array, struct.pack(f"<{len(addresses)}I", *addresses))
    return array


def test_methods_are_called(specimen: Specimen) -> None:
    guest = specimen.guest
    name, argument = guest.make("method"), guest.make("ab")
    array = array_of(guest, specimen.instance, argument)
    flagged = 2 - 2**63  # the highest bit is CPython's, for its own use
    for count in (2, flagged):
        assert guest.call("PyObject_VectorcallMethod", name, array, count, 0) == ["a", "b"]
    bound = guest.raw("PyObject_GetAttr", specimen.instance, name)
    assert guest.call("PyObject_Vectorcall", bound, array + 4, 1, 0) == ["a", "b"]
    again = guest.raw("PyObject_GetAttr", specimen.instance, name)
    assert guest.call("PyObject_RichCompare", bound, again, 2) is True
    assert guest.raw("PyObject_Hash", bound) == guest.raw("PyObject_Hash", again)
    items = array_of(guest, specimen.instance, name, argument, 0)
    assert guest.call("CPyObject_CallMethodObjArgs", items) == ["a", "b"]
    for block in (array, items):
        guest.raw("mixer2_free", block)
    for address in (bound, again, name, argument):
        guest.release(address)
    missing = guest.make("nothing")
    array = array_of(guest, specimen.instance)
    got = outcome(lambda: guest.call("PyObject_VectorcallMethod", missing, array, 1, 0))
    assert got == (AttributeError, "'Special' object has no attribute 'nothing'")
    guest.raw("mixer2_free", array)
    guest.release(missing)


def test_calls(specimen: Specimen) -> None:
    guest = specimen.guest
    int_type = guest.address("PyLong_Type")
    argument, base = guest.make("101"), guest.make(2)
    items = array_of(guest, int_type, argument, base, 0)
    assert guest.call("PyObject_CallFunctionObjArgs", items) == 5
    assert guest.call("PyObject_CallObject", int_type, ("101", 2)) == 5
    assert guest.call("PyObject_CallObject", int_type, 0) == 0
    assert guest.call("PyObject_Call", int_type, ("101",), {"base": 2}) == 5
    assert guest.call("PyObject_Call", int_type, ("7",), {}) == 7
    got = outcome(lambda: guest.call("PyObject_Call", int_type, ("7",), {1: 2}))
    assert got == (TypeError, "keywords must be strings")
    got = outcome(lambda: guest.call("PyObject_Vectorcall", Boxed(5), 0, 0, 0))
    assert got == (TypeError, "'int' object is not callable")
    method = guest.raw("PyMethod_New", int_type, argument)
    assert guest.call("PyObject_Vectorcall", method, items + 8, 1, 0) == 5
    guest.raw("mixer2_free", items)
    for address in (method, argument, base):
        guest.release(address)


def test_types(specimen: Specimen) -> None:
    guest = specimen.guest
    instance, base = specimen.instance, Handle(specimen.type)
    assert guest.call("PyObject_IsInstance", instance, base, result="raw") == 1
    assert guest.call("PyObject_IsInstance", Boxed(5), base, result="raw") == 0
    assert guest.call("CPy_TypeCheck", instance, base, result="raw") == 1
    assert guest.call("PyObject_Repr", base) == "<class 'Specimen'>"
    text = guest.call("PyObject_Repr", instance)
    assert text == f"<Special object at {instance:#010x}>"
    got = outcome(lambda: guest.call("PyObject_IsInstance", instance, Boxed(5), result="raw"))
    assert got == (TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union")
    got = outcome(lambda: guest.call("type_call", base, 0, 0, 0))
    assert got == (TypeError, "cannot create 'Specimen' instances")


def test_exceptions_carry_attributes(specimen: Specimen) -> None:
    guest = specimen.guest
    before = guest.live_objects()
    array = array_of(guest, guest.make("why"))
    error = guest.raw("exception_new", guest.address("Exc_ValueError_Type"), array, 1)
    assert guest.call("PyObject_GetAttr", error, "args") == ("why",)
    assert guest.call("PyObject_GetAttr", error, "__cause__") is None
    status, value = guest.make("status"), guest.make(503)
    assert guest.raw("PyObject_SetAttr", error, status, value) == 0
    assert guest.call("PyObject_GetAttr", error, "status") == 503
    assert guest.raw("PyObject_DelAttr", error, status) == 0
    got = outcome(lambda: guest.call("PyObject_GetAttr", error, "status"))
    assert got == (AttributeError, "'ValueError' object has no attribute 'status'")
    got = outcome(lambda: guest.call("PyObject_DelAttr", error, "status", result="raw"))
    assert got == (AttributeError, "'ValueError' object has no attribute 'status'")
    for address in (status, value, error, guest.u32(array)):
        guest.release(address)
    guest.raw("mixer2_free", array)
    assert guest.live_objects() == before
