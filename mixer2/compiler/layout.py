"""Where things lie in linear memory: the compiler's side of build/runtime/object.h.

A test compares these numbers with the C structures.
"""

# Object
REFCOUNT = 0
TYPE = 4
OBJECT_SIZE = 8
IMMORTAL = 1 << 30

# VarObject: `size` is 64 bits wide
VAR_SIZE = 8

# Str and Bytes
STR_HASH = 16
STR_LENGTH = 20
STR_DATA = 24

# Int, Float
BOXED_VALUE = 8

# Tuple, List; slots have a stride of 8 bytes
TUPLE_ITEMS = 16
LIST_ITEMS = 16
SLOT_STRIDE = 8

# Type
TYPE_NAME = 8
TYPE_BASE = 12
TYPE_INSTANCE_SIZE = 16
TYPE_REFERENCES = 20
TYPE_ATTRIBUTES = 24
TYPE_DEALLOC = 28
TYPE_SLOTS = {
    "repr": 32,
    "str": 36,
    "hash": 40,
    "compare": 44,
    "truth": 48,
    "length": 52,
    "contains": 56,
    "get_item": 60,
    "set_item": 64,
    "iterate": 68,
    "next": 72,
    "call": 76,
    "binary": 80,
    "unary": 84,
    "format": 88,
    "create": 92,
}
TYPE_FLAGS = 96
TYPE_MODULE = 100
TYPE_VTABLE = 104

TYPE_IS_EXCEPTION = 1

# The one function that reads a slot, by the slot's offset. See build/runtime/object.h.
TYPE_SLOT_GATES = {
    32: "PyObject_Repr",
    36: "PyObject_Str",
    40: "PyObject_Hash",
    44: "PyObject_RichCompare",
    48: "PyObject_IsTrue",
    52: "PyObject_Size",
    56: "PySequence_Contains",
    60: "PyObject_GetItem",
    64: "PyObject_SetItem",
    68: "PyObject_GetIter",
    72: "PyIter_Next",
    76: "PyObject_Vectorcall",
    80: "object_binary",
    84: "object_unary",
    88: "PyObject_Format",
}


# The gate of slot `str` of exceptions, whose text is mostly one str that needs no code.
EXCEPTION_TEXT_GATE = "exception_text"

# Functions that have nothing to do in a program that can reach none of these others. Calls of them
# then go to the function of that name with OTHERWISE behind it. See build/runtime/object.h.
OTHERWISE = "__otherwise"
TRACKED_NEW = "tracked_new"
STR_ENUMS = "str_enums"
_ANY_ARGUMENTS = ("exception_new", "exception_super_init")
CONDITIONAL_FUNCTIONS = {
    "exception_text_of_any": _ANY_ARGUMENTS,
    "os_error_text": _ANY_ARGUMENTS,
    "key_text_of_any": _ANY_ARGUMENTS,
    "key_text_of_str": ("raise_key_error_str", *_ANY_ARGUMENTS),
    "key_text_of_int": ("raise_key_error_int", *_ANY_ARGUMENTS),
    "table_mixed_keys_equal": ("table_find",),
    "is_str_member": (STR_ENUMS,),
    "collect_some_cycles": (TRACKED_NEW,),
    "collect_all_cycles": (TRACKED_NEW,),
}


def creation_gate(type_symbol: str) -> str:
    """The symbol without which a type's `create` slot stays empty: the type is never called."""
    return f"creates:{type_symbol}"


def slot_gate(type_symbol: str, offset: int, *, is_exception: bool) -> str | None:
    """The symbol without which the slot at `offset` of a type object stays empty, if any."""
    if offset == TYPE_SLOTS["create"]:
        return creation_gate(type_symbol)
    if is_exception and offset == TYPE_SLOTS["str"]:
        return EXCEPTION_TEXT_GATE
    return TYPE_SLOT_GATES.get(offset)


# Attribute, and the symbols of its kinds
ATTRIBUTE_SIZE = 12
ATTRIBUTE_METHOD = "attribute_method"
ATTRIBUTE_CLASS_METHOD = "attribute_class_method"
ATTRIBUTE_STATIC_METHOD = "attribute_static_method"
ATTRIBUTE_PROPERTY = "attribute_property"
ATTRIBUTE_SETTABLE = "attribute_settable"
ATTRIBUTE_VALUE = "attribute_value"
ATTRIBUTE_FIELD_OBJECT = "attribute_field_object"
ATTRIBUTE_FIELD_INT = "attribute_field_int"
ATTRIBUTE_FIELD_BOOL = "attribute_field_bool"
ATTRIBUTE_FIELD_FLOAT = "attribute_field_float"

# Function, a function used as a value
FUNCTION_CALL = 8
FUNCTION_NAME = 12
FUNCTION_SIZE = 16

# Error values
TAGGED_ERROR = 1
BOOL_ERROR = 2
FLOAT_ERROR = -113.0

# The function that reads Type.attributes.
ATTRIBUTES_GATE = "type_find_attribute"
