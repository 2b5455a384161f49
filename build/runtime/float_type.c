/* float: the slots of the type. */

#include "arguments.h"
#include "bytes.h"
#include "create.h"
#include "errors.h"
#include "float.h"
#include "float_text.h"
#include "format.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "str.h"

#define HASH_BITS 61
#define HASH_MODULUS ((UINT64_C(1) << HASH_BITS) - 1)

/* mantissa * 2**exponent modulo 2**61 - 1: powers of two only rotate the bits. */
int64_t float_hash_value(double value) {
    if (value != value) return 0;
    if (__builtin_isinf(value)) return value > 0 ? 314159 : -314159;
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    int32_t exponent = (int32_t)(bits >> 52 & 0x7ff);
    if (exponent) mantissa |= UINT64_C(1) << 52;
    exponent = (exponent ? exponent : 1) - 1075;
    uint32_t turn = (uint32_t)((exponent % HASH_BITS + HASH_BITS) % HASH_BITS);
    uint64_t hash = (mantissa << turn & HASH_MODULUS) | mantissa >> (HASH_BITS - turn);
    int64_t signed_hash = value < 0 ? -(int64_t)hash : (int64_t)hash;
    return signed_hash == -1 ? -2 : signed_hash;
}

static int64_t float_hash(Object *self) {
    return float_hash_value(float_value(self));
}

static int float_truth(Object *self) {
    return float_value(self) != 0;
}

/* Exact, also where an int has more bits than a double: -1, 0, 1; value is not NaN. */
static int order_with_int(double value, int64_t number) {
    if (value >= 0x1p63) return 1;
    if (value < -0x1p63) return -1;
    int64_t whole = (int64_t)value;
    if (whole != number) return whole < number ? -1 : 1;
    double fraction = value - (double)whole;
    return (fraction > 0) - (fraction < 0);
}

static bool order_holds(int order, int operator) {
    switch (operator) {
        case Py_LT: return order < 0;
        case Py_LE: return order <= 0;
        case Py_EQ: return order == 0;
        case Py_NE: return order != 0;
        case Py_GT: return order > 0;
        default: return order >= 0;
    }
}

static Object *float_compare(Object *left, Object *right, int operator) {
    double a = float_value(left), b;
    int order;
    if (object_is(right, &PyLong_Type) && a == a) {
        order = order_with_int(a, int_value(right));
    } else {
        if (!float_from_number(right, &b)) return not_implemented();
        if (a != a || b != b) return bool_object(operator == Py_NE);
        order = (a > b) - (a < b);
    }
    return bool_object(order_holds(order, operator));
}

/* The operators of the IR (FloatComparisonOp), in their order from 200 on. */
bool int_compares_with_float(Tagged number, double value, int32_t operator) {
    static const char operators[] = {Py_EQ, Py_NE, Py_LT, Py_GT, Py_LE, Py_GE};
    if (value != value) return operators[operator - 200] == Py_NE;
    return order_holds(-order_with_int(value, tagged_value(number)), operators[operator - 200]);
}

static Object *complain_about_zero(const char *message) {
    raise_standard_error(&Exc_ZeroDivisionError_Type, message);
    return NULL;
}

static Object *float_binary(Object *left, Object *right, int operator) {
    double a, b, quotient, remainder;
    if (!float_from_number(left, &a) || !float_from_number(right, &b)) return not_implemented();
    switch (operator & ~BINARY_IN_PLACE) {
        case BINARY_ADD: return float_new(a + b);
        case BINARY_SUBTRACT: return float_new(a - b);
        case BINARY_MULTIPLY: return float_new(a * b);
        case BINARY_TRUE_DIVIDE:
            return b == 0 ? complain_about_zero("float division by zero") : float_new(a / b);
        case BINARY_FLOOR_DIVIDE:
            if (b == 0) return complain_about_zero("float floor division by zero");
            float_divide(a, b, &quotient, &remainder);
            return float_new(quotient);
        case BINARY_REMAINDER:
            if (b == 0) return complain_about_zero("float modulo");
            float_divide(a, b, &quotient, &remainder);
            return float_new(remainder);
        default: return not_implemented();
    }
}

static Object *float_unary(Object *self, int operator) {
    double value = float_value(self);
    Tagged whole;
    switch (operator) {
        case UNARY_NEGATIVE: return float_new(-value);
        case UNARY_ABSOLUTE: return float_new(__builtin_fabs(value));
        case UNARY_POSITIVE:
        case UNARY_FLOAT: return float_new(value);
        case UNARY_INT:
            whole = CPyTagged_FromFloat(value);
            return whole == TAGGED_ERROR ? NULL : int_new(tagged_value(whole));
        default: return not_implemented();
    }
}

CREATE(float) {
    (void)type;
    if (!arguments_check("float", count, names, 0, 1)) return NULL;
    if (count == 0) return float_new(0);
    if (is_any_str(args[0])) return PyFloat_FromString(args[0]);
    if (is_bytes(args[0])) return float_from_bytes_literal(args[0]);
    double value;
    if (float_from_object(args[0], &value)) return float_new(value);
    if (error_clear_if(&Exc_TypeError_Type)) {
        raise_formatted(&Exc_TypeError_Type,
                        "float() argument must be a string or a real number, not '%T'", args[0]);
    }
    return NULL;
}

Type PyFloat_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "float",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Float),
    .dealloc = leaf_dealloc,
    .repr = float_repr,
    .str = float_repr,
    .hash = float_hash,
    .compare = float_compare,
    .truth = float_truth,
    .binary = float_binary,
    .unary = float_unary,
    .format = float_format,
    .create = float_create,
};
