/* Operators on objects of any type: what mypyc emits where it does not know them. */

#include "errors.h"
#include "generic.h"
#include "int.h"

/* NotImplemented from both operands becomes the TypeError that CPython raises. */
static Object *answer_or_complain(Object *result, Object *left, Object *right, int operator,
                                  const char *symbol) {
    if (result != &_Py_NotImplementedStruct) return result;
    DECREF(result);
    int plain = operator & ~BINARY_IN_PLACE;
    bool left_sequence = left->type->flags & TYPE_CONCATENATES;
    bool right_sequence = right->type->flags & TYPE_CONCATENATES;
    if (plain == BINARY_ADD && left_sequence) {
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

#define BINARY_OPERATOR(name, operator, symbol)                                                   \
    Object *PyNumber_##name(Object *left, Object *right) {                                        \
        return answer_or_complain(object_binary(left, right, operator), left, right, operator,    \
                                  symbol);                                                        \
    }                                                                                             \
    Object *PyNumber_InPlace##name(Object *left, Object *right) {                                 \
        return answer_or_complain(object_binary(left, right, operator | BINARY_IN_PLACE), left,   \
                                  right, operator | BINARY_IN_PLACE, symbol "=");                 \
    }

BINARY_OPERATOR(Add, BINARY_ADD, "+")
BINARY_OPERATOR(Subtract, BINARY_SUBTRACT, "-")
BINARY_OPERATOR(Multiply, BINARY_MULTIPLY, "*")
BINARY_OPERATOR(MatrixMultiply, BINARY_MATRIX_MULTIPLY, "@")
BINARY_OPERATOR(FloorDivide, BINARY_FLOOR_DIVIDE, "//")
BINARY_OPERATOR(Remainder, BINARY_REMAINDER, "%")
BINARY_OPERATOR(Lshift, BINARY_LSHIFT, "<<")
BINARY_OPERATOR(Rshift, BINARY_RSHIFT, ">>")
BINARY_OPERATOR(And, BINARY_AND, "&")
BINARY_OPERATOR(Xor, BINARY_XOR, "^")
BINARY_OPERATOR(Or, BINARY_OR, "|")

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
