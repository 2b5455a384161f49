/* Exponentials, logarithms and powers of doubles. */

#include "float_power.h"

#include "decimal.h"
#include "double2.h"
#include "errors.h"
#include "float.h"

static const Double2 ln_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/* 2**exponent, -1022 to 1023. */
static double power_of_two(int32_t exponent) {
    return binary_to_double((Binary){UINT64_C(1) << 52, exponent - 52});
}

/* x = 2**e * m with m near 1: ln x = e ln 2 + 2 artanh((m - 1) / (m + 1)). */
static Double2 logarithm(double x) {
    Binary binary = binary_from_double(x);
    while (binary.mantissa >> 52 == 0) {
        binary.mantissa <<= 1;
        binary.exponent--;
    }
    int32_t exponent = binary.exponent + 52;
    double m = (double)binary.mantissa * 0x1p-52;
    if (m > 1.4142135623730951) {
        m *= 0.5;
        exponent++;
    }
    Double2 s = divide((Double2){m - 1, 0}, exact_sum(m, 1));
    Double2 square = multiply(s, s), sum = {0, 0};
    for (int n = 41; n >= 3; n -= 2) {
        Double2 term = divide((Double2){1, 0}, (Double2){n, 0});
        sum = multiply(add(sum, term), square);
    }
    Double2 artanh = add(s, multiply(s, sum));
    Double2 doubled = {artanh.high * 2, artanh.low * 2};
    return add(multiply((Double2){exponent, 0}, ln_2), doubled);
}

/* e**t, -800 < t < 800: t = k ln 2 + r, and Taylor's series of r / 8. */
static double exponential(Double2 t) {
    double k = __builtin_nearbyint(t.high / ln_2.high);
    Double2 r = add(t, multiply((Double2){-k, 0}, ln_2));
    r = (Double2){r.high * 0.125, r.low * 0.125};
    Double2 sum = {1, 0};
    for (int n = 20; n >= 1; n--) {
        sum = add((Double2){1, 0}, multiply(sum, divide(r, (Double2){n, 0})));
    }
    for (int i = 0; i < 3; i++) sum = multiply(sum, sum);
    int32_t exponent = (int32_t)k, half = exponent / 2;
    return (sum.high + sum.low) * power_of_two(half) * power_of_two(exponent - half);
}

double float_log(double x) {
    if (x != x || x == __builtin_inf()) return x;
    Double2 result = logarithm(x);
    return result.high + result.low;
}

double float_log_to(double x, double base) {
    if (x != x || x == __builtin_inf()) return x;
    Double2 result = divide(logarithm(x), logarithm(base));
    return result.high + result.low;
}

double float_exp(double x) {
    if (x != x) return x;
    if (x > 710) return __builtin_inf();
    if (x < -746) return 0;
    return exponential((Double2){x, 0});
}

static bool is_whole(double x) {
    return __builtin_floor(x) == x;
}

static bool is_odd(double x) {
    return is_whole(x) && !is_whole(x * 0.5);
}

/* base > 0 and not 1, both finite. */
static double finite_power(double base, double exponent) {
    Double2 ln_base = logarithm(base);
    double estimate = ln_base.high * exponent;
    if (estimate > 720) return __builtin_inf();
    if (estimate < -760) return 0;
    if (__builtin_fabs(exponent) > 0x1p900) return estimate > 0 ? __builtin_inf() : 0;
    return exponential(multiply(ln_base, (Double2){exponent, 0}));
}

static double magnitude(double base, double exponent) {
    if (base == 1) return 1;
    if (base == 0 || __builtin_isinf(base)) {
        return (base == 0) == (exponent > 0) ? 0 : __builtin_inf();
    }
    if (__builtin_isinf(exponent)) return (base > 1) == (exponent > 0) ? __builtin_inf() : 0;
    return finite_power(base, exponent);
}

PowerFault float_power(double base, double exponent, double *result) {
    *result = 1;
    if (exponent == 0 || base == 1) return POWER_VALID;
    if (base != base || exponent != exponent) {
        *result = base + exponent;
        return POWER_VALID;
    }
    bool finite = !__builtin_isinf(base) && !__builtin_isinf(exponent);
    if (base == 0 && exponent < 0 && finite) return POWER_OF_ZERO;
    if (finite && base < 0 && !is_whole(exponent)) return POWER_COMPLEX;
    *result = magnitude(__builtin_fabs(base), exponent);
    if (__builtin_signbit(base) && !__builtin_isinf(exponent) && is_odd(exponent)) {
        *result = -*result;
    }
    return finite && __builtin_isinf(*result) ? POWER_OVERFLOW : POWER_VALID;
}

static double raise_math_error(const Type *type, const char *message) {
    raise_standard_error(type, message);
    return FLOAT_ERROR;
}

double CPyFloat_Exp(double x) {
    double result = float_exp(x);
    if (!__builtin_isinf(result) || __builtin_isinf(x)) return result;
    return raise_math_error(&Exc_OverflowError_Type, "math range error");
}

double CPyFloat_Log(double x) {
    if (x <= 0) return raise_math_error(&Exc_ValueError_Type, "math domain error");
    return float_log(x);
}

/* math.pow */
double CPyFloat_Pow(double base, double exponent) {
    double result;
    switch (float_power(base, exponent, &result)) {
        case POWER_VALID: return result;
        case POWER_OVERFLOW: return raise_math_error(&Exc_OverflowError_Type, "math range error");
        default: return raise_math_error(&Exc_ValueError_Type, "math domain error");
    }
}
