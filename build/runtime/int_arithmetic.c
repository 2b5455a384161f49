/* int: arithmetic on tagged and on machine integers, rounding towards minus infinity. */

#include "errors.h"
#include "int.h"

#define NATIVE_ERROR (-113)
#define FLOAT_ERROR (-113.0)

/* Sums of tagged ints overflow where 63-bit values do. */
Tagged CPyTagged_Add(Tagged left, Tagged right) {
    Tagged sum;
    return __builtin_add_overflow(left, right, &sum) ? tagged_overflow() : sum;
}

Tagged CPyTagged_Subtract(Tagged left, Tagged right) {
    Tagged difference;
    return __builtin_sub_overflow(left, right, &difference) ? tagged_overflow() : difference;
}

static int bit_length(uint64_t value) {
    return value ? 64 - __builtin_clzll(value) : 0;
}

bool int_multiply(int64_t left, int64_t right, int64_t *product) {
    uint64_t a = int_magnitude(left), b = int_magnitude(right);
    *product = (int64_t)((uint64_t)left * (uint64_t)right);
    if (bit_length(a) + bit_length(b) <= 62) return true;
    uint64_t limit = (uint64_t)TAGGED_MAX + ((left < 0) != (right < 0));
    return b == 0 || a <= limit / b;
}

static bool is_half(Tagged tagged) { return tagged == (int32_t)tagged; }

Tagged CPyTagged_Multiply(Tagged left, Tagged right) {
    if (is_half(left) && is_half(right)) return left * tagged_value(right);
    int64_t product;
    bool fits = int_multiply(tagged_value(left), tagged_value(right), &product);
    return fits ? tagged_from(product) : tagged_overflow();
}

static int64_t floor_divide(int64_t left, int64_t right) {
    int64_t quotient = left / right;
    return quotient - (left % right != 0 && (left < 0) != (right < 0));
}

static int64_t floor_remainder(int64_t left, int64_t right) {
    int64_t remainder = left % right;
    return remainder != 0 && (left < 0) != (right < 0) ? remainder + right : remainder;
}

static void raise_division_by_zero(const char *message) {
    raise_standard_error(&Exc_ZeroDivisionError_Type, message);
}

static const char by_zero[] = "integer division or modulo by zero";

Tagged CPyTagged_FloorDivide(Tagged left, Tagged right) {
    if (right == 0) {
        raise_division_by_zero(by_zero);
        return TAGGED_ERROR;
    }
    return tagged_checked(floor_divide(tagged_value(left), tagged_value(right)));
}

Tagged CPyTagged_Remainder(Tagged left, Tagged right) {
    if (right == 0) {
        raise_division_by_zero("integer modulo by zero");
        return TAGGED_ERROR;
    }
    return tagged_from(floor_remainder(tagged_value(left), tagged_value(right)));
}

#define FIXED_WIDTH_DIVISION(name, type, lowest)                                          \
    type CPy##name##_Divide(type left, type right) {                                      \
        if (right == 0) {                                                                 \
            raise_division_by_zero(by_zero);                                              \
            return NATIVE_ERROR;                                                          \
        }                                                                                 \
        if (right == -1 && left == lowest) {                                              \
            raise_standard_error(&Exc_OverflowError_Type, "integer division overflow");   \
            return NATIVE_ERROR;                                                          \
        }                                                                                 \
        return (type)floor_divide(left, right);                                           \
    }                                                                                     \
    type CPy##name##_Remainder(type left, type right) {                                   \
        if (right == 0) {                                                                 \
            raise_division_by_zero(by_zero);                                              \
            return NATIVE_ERROR;                                                          \
        }                                                                                 \
        return right == -1 ? 0 : (type)floor_remainder(left, right);                      \
    }

FIXED_WIDTH_DIVISION(Int64, int64_t, INT64_MIN)
FIXED_WIDTH_DIVISION(Int32, int32_t, INT32_MIN)
FIXED_WIDTH_DIVISION(Int16, int16_t, INT16_MIN)

/* Both are below 2**53 in size almost always; then one hardware division rounds once. Otherwise
   the quotient is taken to 55 bits and more, with a last bit that stands for the rest. */
double int_true_divide(int64_t left, int64_t right) {
    uint64_t a = int_magnitude(left), b = int_magnitude(right);
    if ((a | b) >> 53 == 0) return (double)left / (double)right;
    uint64_t quotient = a / b, rest = a % b;
    double scale = 1.0;
    while (quotient >> 54 == 0 && a) {
        rest <<= 1;
        quotient = quotient << 1 | (rest >= b);
        if (rest >= b) rest -= b;
        scale *= 0.5;
    }
    double result = (double)(quotient | (rest != 0)) * scale;
    return (left < 0) != (right < 0) ? -result : result;
}

double CPyTagged_TrueDivide(Tagged left, Tagged right) {
    if (right == 0) {
        raise_division_by_zero("division by zero");
        return FLOAT_ERROR;
    }
    return int_true_divide(tagged_value(left), tagged_value(right));
}

Tagged CPyTagged_Lshift(Tagged left, Tagged right) {
    int64_t count = tagged_value(right);
    if (count < 0) {
        raise_standard_error(&Exc_ValueError_Type, "negative shift count");
        return TAGGED_ERROR;
    }
    if (left == 0) return 0;
    if (count > 62) return tagged_overflow();
    Tagged shifted = (Tagged)((uint64_t)left << count);
    return shifted >> count == left ? shifted : tagged_overflow();
}

Tagged CPyTagged_Rshift(Tagged left, Tagged right) {
    int64_t count = tagged_value(right);
    if (count < 0) {
        raise_standard_error(&Exc_ValueError_Type, "negative shift count");
        return TAGGED_ERROR;
    }
    return tagged_from(tagged_value(left) >> (count > 62 ? 62 : count));
}

Tagged CPyTagged_Negate(Tagged value) {
    return tagged_checked(-tagged_value(value));
}

Tagged CPyTagged_Invert(Tagged value) {
    return tagged_from(~tagged_value(value));
}

Tagged CPyTagged_And(Tagged left, Tagged right) {
    return left & right;
}

Tagged CPyTagged_Or(Tagged left, Tagged right) {
    return left | right;
}

Tagged CPyTagged_Xor(Tagged left, Tagged right) {
    return left ^ right;
}

char CPyTagged_IsEq_(Tagged left, Tagged right) {
    return left == right;
}

char CPyTagged_IsLt_(Tagged left, Tagged right) {
    return left < right;
}

Tagged CPyTagged_BitLength(Tagged value) {
    return tagged_from(bit_length(int_magnitude(tagged_value(value))));
}
