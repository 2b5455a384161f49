/* bool: two immortal objects with the layout of int. */

#include "arguments.h"
#include "create.h"
#include "format.h"
#include "generic.h"
#include "int.h"
#include "int_type.h"
#include "memory.h"
#include "none.h"
#include "str.h"

char PyBool_Check(Object *object) {
    return object->type == &PyBool_Type;
}

Str *CPyBool_Str(char value) {
    return value ? str_from_c("True") : str_from_c("False");
}

static Object *bool_repr(Object *self) {
    return (Object *)CPyBool_Str(int_value(self) != 0);
}

/* Two bools give a bool for & | ^, and an int otherwise. */
static Object *bool_binary(Object *left, Object *right, int operator) {
    int plain = operator & ~BINARY_IN_PLACE;
    bool logical = plain == BINARY_AND || plain == BINARY_OR || plain == BINARY_XOR;
    if (!logical || !PyBool_Check(left) || !PyBool_Check(right)) {
        return int_binary(left, right, operator);
    }
    int64_t a = int_value(left), b = int_value(right);
    return bool_object(plain == BINARY_AND ? a & b : plain == BINARY_OR ? a | b : a ^ b);
}

CREATE(bool) {
    (void)type;
    if (!arguments_check("bool", count, names, 0, 1)) return NULL;
    int truth = count ? PyObject_IsTrue(args[0]) : 0;
    return truth < 0 ? NULL : bool_object(truth);
}

Type PyBool_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "bool",
    .base = &PyLong_Type,
    .instance_size = sizeof(Int),
    .repr = bool_repr,
    .str = bool_repr,
    .hash = int_hash,
    .compare = int_compare,
    .truth = int_truth,
    .binary = bool_binary,
    .unary = int_unary,
    .format = bool_format,
    .create = bool_create,
    .flags = TYPE_IS_INT,
};
Int _Py_TrueStruct = {STATIC_HEAD(&PyBool_Type), 1};
Int _Py_FalseStruct = {STATIC_HEAD(&PyBool_Type), 0};
