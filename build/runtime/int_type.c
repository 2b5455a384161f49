/* int: the slots of the type. Division with a float result and powers with negative exponents are
   in number.c, so that whole numbers alone carry no floats. */

#include "arguments.h"
#include "bytes.h"
#include "create.h"
#include "errors.h"
#include "format.h"
#include "generic.h"
#include "int.h"
#include "int_type.h"
#include "memory.h"
#include "none.h"
#include "str.h"

/* 2**61 - 1 */
#define HASH_MODULUS ((INT64_C(1) << 61) - 1)

int64_t int_hash_value(int64_t value) {
    int64_t hash = value % HASH_MODULUS;
    return hash == -1 ? -2 : hash;
}

int64_t int_hash(Object *self) {
    return int_hash_value(int_value(self));
}

int int_truth(Object *self) {
    return int_value(self) != 0;
}

static bool is_any_int(const Object *object) {
    return is_int(object) || type_is_subtype(object->type, &PyLong_Type);
}

Object *int_compare(Object *left, Object *right, int operator) {
    if (!is_any_int(right)) return not_implemented();
    int64_t a = int_value(left), b = int_value(right);
    switch (operator) {
        case Py_LT: return bool_object(a < b);
        case Py_LE: return bool_object(a <= b);
        case Py_EQ: return bool_object(a == b);
        case Py_NE: return bool_object(a != b);
        case Py_GT: return bool_object(a > b);
        default: return bool_object(a >= b);
    }
}

static Object *box(Tagged value) {
    return value == TAGGED_ERROR ? NULL : int_new(tagged_value(value));
}

Object *int_binary(Object *left, Object *right, int operator) {
    if (!is_any_int(left) || !is_any_int(right)) return not_implemented();
    Tagged a = tagged_checked(int_value(left));
    Tagged b = a == TAGGED_ERROR ? a : tagged_checked(int_value(right));
    if (b == TAGGED_ERROR) return NULL;
    switch (operator & ~BINARY_IN_PLACE) {
        case BINARY_ADD: return box(CPyTagged_Add(a, b));
        case BINARY_SUBTRACT: return box(CPyTagged_Subtract(a, b));
        case BINARY_MULTIPLY: return box(CPyTagged_Multiply(a, b));
        case BINARY_FLOOR_DIVIDE: return box(CPyTagged_FloorDivide(a, b));
        case BINARY_REMAINDER: return box(CPyTagged_Remainder(a, b));
        case BINARY_LSHIFT: return box(CPyTagged_Lshift(a, b));
        case BINARY_RSHIFT: return box(CPyTagged_Rshift(a, b));
        case BINARY_AND: return box(a & b);
        case BINARY_OR: return box(a | b);
        case BINARY_XOR: return box(a ^ b);
        default: return not_implemented();
    }
}

Object *int_unary(Object *self, int operator) {
    Tagged value = tagged_checked(int_value(self));
    if (value == TAGGED_ERROR) return NULL;
    switch (operator) {
        case UNARY_NEGATIVE: return box(CPyTagged_Negate(value));
        case UNARY_ABSOLUTE: return box(value < 0 ? CPyTagged_Negate(value) : value);
        case UNARY_INVERT: return box(CPyTagged_Invert(value));
        case UNARY_FLOAT: return not_implemented();
        default: return int_new(tagged_value(value));
    }
}

/* int(x) of what is neither text nor bytes. */
static Object *convert(Object *object) {
    static const char operators[] = {UNARY_INT, UNARY_INDEX};
    for (int i = 0; i < 2; i++) {
        Object *result = object_unary(object, operators[i]);
        if (result != &_Py_NotImplementedStruct) return result;
        DECREF(result);
    }
    raise_formatted(&Exc_TypeError_Type,
                    "int() argument must be a string, a bytes-like object or a real number, "
                    "not '%T'",
                    object);
    return NULL;
}

static Object *create_with_base(Object *literal, Object *base_object) {
    int64_t base = 10;
    if (base_object && !int_from_index(base_object, &base)) return NULL;
    if (is_any_str(literal)) return CPyLong_FromStrWithBase(literal, tagged_from(base));
    if (is_bytes(literal)) return int_from_bytes_literal(literal, base);
    if (!base_object) return convert(literal);
    raise_standard_error(&Exc_TypeError_Type, "int() can't convert non-string with explicit base");
    return NULL;
}

static const Signature create_signature = {"int", 0, 2, {"", "base", NULL}};

CREATE(int) {
    (void)type;
    Object *values[2];
    if (!arguments_bind(&create_signature, args, count, names, values)) return NULL;
    if (values[0]) return create_with_base(values[0], values[1]);
    if (!values[1]) return int_new(0);
    raise_standard_error(&Exc_TypeError_Type, "int() missing string argument");
    return NULL;
}

Type PyLong_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "int",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Int),
    .dealloc = leaf_dealloc,
    .repr = int_repr,
    .str = int_repr,
    .hash = int_hash,
    .compare = int_compare,
    .truth = int_truth,
    .binary = int_binary,
    .unary = int_unary,
    .format = int_format,
    .create = int_create,
    .flags = TYPE_IS_INT,
};
