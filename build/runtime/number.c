/* Operators on objects of any type: what mypyc emits where it does not know them. */

#include "errors.h"
#include "float.h"
#include "generic.h"
#include "int.h"
#include "number.h"
#include "percent.h"
#include "str.h"
#include "tuple.h"

Object *number_complain(Object *left, Object *right, int operator, const char *symbol) {
    int plain = operator & ~BINARY_IN_PLACE;
    bool left_sequence = left->type->flags & TYPE_CONCATENATES;
    bool right_sequence = right->type->flags & TYPE_CONCATENATES;
    if (plain == BINARY_ADD && left_sequence && *left->type->name == 'b') { /* bytes, bytearray */
        raise_formatted(&Exc_TypeError_Type, "can't concat %T to %T", right, left);
    } else if (plain == BINARY_ADD && left_sequence) {
        raise_formatted(&Exc_TypeError_Type, "can only concatenate %T (not \"%T\") to %T", left,
                        right, left);
    } else if (plain == BINARY_MULTIPLY && (left_sequence || right_sequence)) {
        raise_formatted(&Exc_TypeError_Type, "can't multiply sequence by non-int of type '%T'",
                        left_sequence ? right : left);
    } else {
        raise_formatted(&Exc_TypeError_Type, "unsupported operand type(s) for %s: '%T' and '%T'",
                        symbol, left, right);
    }
    return NULL;
}

static Object *binary(Object *left, Object *right, int operator, const char *symbol) {
    Object *result = object_binary(left, right, operator);
    if (result != &_Py_NotImplementedStruct) return result;
    DECREF(result);
    return number_complain(left, right, operator, symbol);
}

#define BINARY_OPERATOR(name, operator, symbol)                                   \
    Object *PyNumber_##name(Object *left, Object *right) {                        \
        return binary(left, right, operator, symbol);                             \
    }                                                                             \
    Object *PyNumber_InPlace##name(Object *left, Object *right) {                 \
        return binary(left, right, operator | BINARY_IN_PLACE, symbol "=");       \
    }

BINARY_OPERATOR(Add, BINARY_ADD, "+")
BINARY_OPERATOR(Subtract, BINARY_SUBTRACT, "-")
BINARY_OPERATOR(Multiply, BINARY_MULTIPLY, "*")
BINARY_OPERATOR(MatrixMultiply, BINARY_MATRIX_MULTIPLY, "@")
BINARY_OPERATOR(FloorDivide, BINARY_FLOOR_DIVIDE, "//")
BINARY_OPERATOR(Lshift, BINARY_LSHIFT, "<<")
BINARY_OPERATOR(Rshift, BINARY_RSHIFT, ">>")
BINARY_OPERATOR(And, BINARY_AND, "&")
BINARY_OPERATOR(Xor, BINARY_XOR, "^")
BINARY_OPERATOR(Or, BINARY_OR, "|")

static Object *true_divide(Object *left, Object *right, int operator, const char *symbol) {
    if (!is_int(left) || !is_int(right)) {
        return binary(left, right, operator, symbol);
    }
    if (int_value(right) == 0) {
        raise_standard_error(&Exc_ZeroDivisionError_Type, "division by zero");
        return NULL;
    }
    return float_new(int_true_divide(int_value(left), int_value(right)));
}

Object *PyNumber_TrueDivide(Object *left, Object *right) {
    return true_divide(left, right, BINARY_TRUE_DIVIDE, "/");
}

Object *PyNumber_InPlaceTrueDivide(Object *left, Object *right) {
    return true_divide(left, right, BINARY_TRUE_DIVIDE | BINARY_IN_PLACE, "/=");
}

static bool is_number(const Object *object) {
    return is_int(object) || is_float(object);
}

/* Quotient and remainder by their own operators, unless a type defines both at once. */
Object *PyNumber_Divmod(Object *left, Object *right) {
    Object *both = object_binary(left, right, BINARY_DIVMOD);
    if (both != &_Py_NotImplementedStruct) return both;
    DECREF(both);
    if (!is_number(left) || !is_number(right)) {
        return number_complain(left, right, BINARY_DIVMOD, "divmod()");
    }
    Object *quotient = PyNumber_FloorDivide(left, right);
    if (!quotient) {
        bool whole = is_int(left) && is_int(right);
        if (!whole && error_clear_if(&Exc_ZeroDivisionError_Type)) {
            raise_standard_error(&Exc_ZeroDivisionError_Type, "float divmod()");
        }
        return NULL;
    }
    return tuple_pair_stolen(quotient, binary(left, right, BINARY_REMAINDER, "%"));
}

/* text % values is not in the slot of str, so that numbers alone carry no formatting. */
Object *PyNumber_Remainder(Object *left, Object *right) {
    if (is_any_str(left)) return percent_format((Str *)left, right);
    return binary(left, right, BINARY_REMAINDER, "%");
}

Object *PyNumber_InPlaceRemainder(Object *left, Object *right) {
    if (is_any_str(left)) return percent_format((Str *)left, right);
    return binary(left, right, BINARY_REMAINDER | BINARY_IN_PLACE, "%=");
}

static Object *unary(Object *operand, int operator, const char *complaint) {
    Object *result = object_unary(operand, operator);
    if (result != &_Py_NotImplementedStruct) return result;
    DECREF(result);
    raise_formatted(&Exc_TypeError_Type, complaint, operand);
    return NULL;
}

Object *PyNumber_Negative(Object *operand) {
    return unary(operand, UNARY_NEGATIVE, "bad operand type for unary -: '%T'");
}

Object *PyNumber_Positive(Object *operand) {
    return unary(operand, UNARY_POSITIVE, "bad operand type for unary +: '%T'");
}

Object *PyNumber_Invert(Object *operand) {
    return unary(operand, UNARY_INVERT, "bad operand type for unary ~: '%T'");
}

Object *PyNumber_Absolute(Object *operand) {
    return unary(operand, UNARY_ABSOLUTE, "bad operand type for abs(): '%T'");
}
