/* Built-in functions: about any object. */

#include "builtins.h"
#include "int.h"
#include "str.h"
#include "template.h"

BUILTIN(repr) {
    EXPECT("repr", 1, 1);
    return PyObject_Repr(args[0]);
}

BUILTIN(ascii) {
    EXPECT("ascii", 1, 1);
    return builtin_ascii(args[0]);
}

BUILTIN(format) {
    EXPECT("format", 1, 2);
    if (count == 1) return PyObject_Format(args[0], (Object *)STR_EMPTY);
    if (is_any_str(args[1])) return PyObject_Format(args[0], args[1]);
    raise_formatted(&Exc_TypeError_Type, "format() argument 2 must be str, not %T", args[1]);
    return NULL;
}

static Object *box(Tagged value) {
    return value == TAGGED_ERROR ? NULL : int_new(tagged_value(value));
}

BUILTIN(hash) {
    EXPECT("hash", 1, 1);
    return box(CPyObject_Hash(args[0]));
}

BUILTIN(id) {
    EXPECT("id", 1, 1);
    return int_new((int64_t)(uintptr_t)args[0]);
}

BUILTIN(len) {
    EXPECT("len", 1, 1);
    return box(CPyObject_Size(args[0]));
}

/* Without this the linker would take the slot `call` for unread. */
static inline void keep_gate(void) {
    __asm__ volatile("" : : "r"(&PyObject_Vectorcall));
}

BUILTIN(callable) {
    EXPECT("callable", 1, 1);
    keep_gate();
    return bool_object(args[0]->type->call != NULL);
}

static Object *truth_or_error(int truth) {
    return truth < 0 ? NULL : bool_object(truth);
}

BUILTIN(isinstance) {
    EXPECT("isinstance", 2, 2);
    return truth_or_error(PyObject_IsInstance(args[0], args[1]));
}

BUILTIN(issubclass) {
    EXPECT("issubclass", 2, 2);
    return truth_or_error(PyObject_IsSubclass(args[0], args[1]));
}

BUILTIN(getattr) {
    EXPECT("getattr", 2, 3);
    return count == 2 ? PyObject_GetAttr(args[0], args[1])
                      : CPyObject_GetAttr3(args[0], args[1], args[2]);
}

BUILTIN(hasattr) {
    EXPECT("hasattr", 2, 2);
    return bool_object(PyObject_HasAttr(args[0], args[1]));
}

BUILTIN(setattr) {
    EXPECT("setattr", 3, 3);
    return none_if(PyObject_SetAttr(args[0], args[1], args[2]) == 0);
}
