/* float: division with remainder. */

#include "decimal.h"
#include "errors.h"
#include "float.h"

/* Binary long division: the remainder of floats is always exact. Both are finite, x >= y > 0. */
static double remainder_of(double x, double y) {
    Binary dividend = binary_from_double(x), divisor = binary_from_double(y);
    uint64_t rest = dividend.mantissa;
    int32_t exponent = dividend.exponent - divisor.exponent;
    rest %= divisor.mantissa;
    while (exponent > 0 && rest) {
        int32_t step = exponent < 11 ? exponent : 11; /* a mantissa has 53 bits */
        rest = (rest << step) % divisor.mantissa;
        exponent -= step;
    }
    exponent = divisor.exponent;
    while (rest && rest >> 52 == 0 && exponent > -1074) {
        rest <<= 1;
        exponent--;
    }
    return rest ? binary_to_double((Binary){rest, exponent}) : 0;
}

double float_remainder(double x, double y) {
    double size = __builtin_fabs(x), divisor = __builtin_fabs(y);
    if (x != x || y != y || __builtin_isinf(x) || y == 0) return __builtin_nan("");
    double rest = size < divisor ? size : remainder_of(size, divisor);
    return __builtin_copysign(rest, x);
}

/* C's, which mypyc emits for `%`. */
double fmod(double x, double y) {
    return float_remainder(x, y);
}

void float_divide(double x, double y, double *quotient, double *remainder) {
    double rest = float_remainder(x, y);
    double exact = (x - rest) / y;
    if (rest != 0) {
        if ((y < 0) != (rest < 0)) {
            rest += y;
            exact -= 1.0;
        }
    } else {
        rest = __builtin_copysign(0.0, y);
    }
    double whole = __builtin_copysign(0.0, x / y);
    if (exact != 0) {
        whole = __builtin_floor(exact);
        if (exact - whole > 0.5) whole += 1.0;
    }
    *quotient = whole;
    *remainder = rest;
}

double CPyFloat_FloorDivide(double x, double y) {
    if (y == 0) {
        raise_standard_error(&Exc_ZeroDivisionError_Type, "float floor division by zero");
        return FLOAT_ERROR;
    }
    double quotient, remainder;
    float_divide(x, y, &quotient, &remainder);
    return quotient;
}
