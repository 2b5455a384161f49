/* ** and pow() on objects of any type. */

#include "errors.h"
#include "float.h"
#include "float_power.h"
#include "generic.h"
#include "int.h"
#include "none.h"
#include "number.h"

/* False on overflow. */
static bool whole_power(int64_t base, int64_t exponent, int64_t *result) {
    *result = 1;
    if (base == 0 || base == 1 || base == -1) {
        /* Any exponent, and no overflow. */
        if (exponent && base != 1) *result = base == 0 ? 0 : exponent % 2 ? -1 : 1;
        return true;
    }
    for (;;) {
        if (exponent & 1 && !int_multiply(*result, base, result)) return false;
        exponent >>= 1;
        if (!exponent) return true;
        if (!int_multiply(base, base, &base)) return false;
    }
}

static uint64_t multiply_modulo(uint64_t left, uint64_t right, uint64_t modulus) {
    uint64_t product = 0;
    for (; right; right >>= 1) {
        if (right & 1) product = (product + left) % modulus;
        left = left * 2 % modulus;
    }
    return product;
}

/* modulus is not 0; 63-bit magnitudes leave room to double. */
static int64_t whole_power_modulo(int64_t base, uint64_t exponent, int64_t modulus) {
    uint64_t size = int_magnitude(modulus);
    int64_t reduced = base % (int64_t)size;
    uint64_t square = (uint64_t)(reduced < 0 ? reduced + (int64_t)size : reduced);
    uint64_t result = 1 % size;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) result = multiply_modulo(result, square, size);
        square = multiply_modulo(square, square, size);
    }
    return modulus < 0 && result ? (int64_t)result + modulus : (int64_t)result;
}

static Object *complain(const Type *type, const char *message) {
    raise_standard_error(type, message);
    return NULL;
}

static Object *power_of_floats(double base, double exponent) {
    double result;
    switch (float_power(base, exponent, &result)) {
        case POWER_VALID: return float_new(result);
        case POWER_OF_ZERO:
            return complain(&Exc_ZeroDivisionError_Type,
                            "0.0 cannot be raised to a negative power");
        case POWER_COMPLEX:
            return complain(&Exc_ValueError_Type,
                            "a negative number to a fraction is complex: not supported");
        default:
            return complain(&Exc_OverflowError_Type,
                            "(34, 'Numerical result out of range')");
    }
}

static Object *power_of_ints(int64_t base, int64_t exponent) {
    if (exponent < 0) return power_of_floats((double)base, (double)exponent);
    int64_t result;
    if (whole_power(base, exponent, &result)) return int_new(result);
    tagged_overflow();
    return NULL;
}

static Object *power(Object *left, Object *right, int operator, const char *symbol) {
    double base, exponent;
    if (is_int(left) && is_int(right)) return power_of_ints(int_value(left), int_value(right));
    if (float_from_number(left, &base) && float_from_number(right, &exponent)) {
        return power_of_floats(base, exponent);
    }
    Object *result = object_binary(left, right, operator);
    if (result != &_Py_NotImplementedStruct) return result;
    DECREF(result);
    return number_complain(left, right, operator, symbol);
}

Object *CPyNumber_Power(Object *base, Object *exponent) {
    return power(base, exponent, BINARY_POWER, "** or pow()");
}

Object *CPyNumber_InPlacePower(Object *base, Object *exponent) {
    return power(base, exponent, BINARY_POWER | BINARY_IN_PLACE, "**=");
}

/* a with a * b = 1 modulo modulus > 0; 0 when there is none. */
static int64_t inverse_modulo(int64_t b, int64_t modulus) {
    int64_t previous = 0, inverse = 1, rest = modulus;
    b = (b % modulus + modulus) % modulus;
    while (b > 1) {
        int64_t quotient = rest / b, next_b = rest % b, next = previous - quotient * inverse;
        rest = b;
        b = next_b;
        previous = inverse;
        inverse = next;
    }
    return b == 1 ? (inverse + modulus) % modulus : 0;
}

Object *PyNumber_Power(Object *base, Object *exponent, Object *modulus) {
    if (modulus == NONE) return CPyNumber_Power(base, exponent);
    if (!is_int(base) || !is_int(exponent) || !is_int(modulus)) {
        return complain(&Exc_TypeError_Type,
                        "pow() 3rd argument not allowed unless all arguments are integers");
    }
    int64_t value = int_value(base), power = int_value(exponent), divisor = int_value(modulus);
    if (divisor == 0) return complain(&Exc_ValueError_Type, "pow() 3rd argument cannot be 0");
    if (power < 0) {
        int64_t size = (int64_t)int_magnitude(divisor);
        value = inverse_modulo(value, size);
        if (value == 0 && size != 1) {
            return complain(&Exc_ValueError_Type,
                            "base is not invertible for the given modulus");
        }
    }
    return int_new(whole_power_modulo(value, int_magnitude(power), divisor));
}
