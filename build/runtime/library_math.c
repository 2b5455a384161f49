/* pystd._math: functions of doubles. Sines are computed with twice the precision of a double. */

#include "double2.h"
#include "errors.h"
#include "float.h"
#include "float_power.h"

/* Where sines end: beyond, x - k pi/2 has too few bits here. */
#define LARGEST_ANGLE 0x1p40

/* pi / 2 in three doubles. */
static const double half_pi[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};

static double domain_error(void) {
    raise_standard_error(&Exc_ValueError_Type, "math domain error");
    return FLOAT_ERROR;
}

static double range_error(void) {
    raise_standard_error(&Exc_OverflowError_Type, "math range error");
    return FLOAT_ERROR;
}

double native__pystd___math__sqrt(double x) { return x < 0 ? domain_error() : __builtin_sqrt(x); }

double native__pystd___math__floor(double x) { return __builtin_floor(x); }

double native__pystd___math__ceil(double x) { return __builtin_ceil(x); }

/* Halves to even. */
double native__pystd___math__nearest(double x) { return __builtin_nearbyint(x); }

double native__pystd___math__copysign(double x, double y) { return __builtin_copysign(x, y); }

double native__pystd___math__exp(double x) {
    double result = float_exp(x);
    return __builtin_isinf(result) && !__builtin_isinf(x) ? range_error() : result;
}

/* To the base e when `base` is 0. */
double native__pystd___math__log(double x, double base) {
    if (x <= 0) return domain_error();
    return base == 0 ? float_log(x) : float_log_to(x, base);
}

double native__pystd___math__power(double x, double y) {
    double result;
    switch (float_power(x, y, &result)) {
        case POWER_VALID: return result;
        case POWER_OVERFLOW: return range_error();
        default: return domain_error();
    }
}

double native__pystd___math__fmod(double x, double y) {
    if (x != x || y != y) return x + y;
    if (__builtin_isinf(x) || y == 0) return domain_error();
    if (__builtin_isinf(y)) return x;
    return __builtin_copysign(float_remainder(x, y), x);
}

/* x - k pi/2, at most pi/4; *quarter is k modulo 4. */
static Double2 reduced(double x, uint32_t *quarter) {
    double k = __builtin_nearbyint(x / half_pi[0]);
    *quarter = (uint32_t)(int64_t)k;
    Double2 rest = {x, 0};
    for (int i = 0; i < 3; i++) {
        Double2 part = exact_product(-k, half_pi[i]);
        rest = add(rest, part);
    }
    return rest;
}

/* Taylor's series, from its last term on: of the cosine, or of the sine over r. */
static Double2 series(Double2 r, int last) {
    Double2 square = multiply(r, r), sum = {1, 0};
    square = (Double2){-square.high, -square.low};
    for (int n = last; n >= 2; n -= 2) {
        Double2 term = divide(square, (Double2){(double)n * (n - 1), 0});
        sum = add((Double2){1, 0}, multiply(sum, term));
    }
    return sum;
}

/* The sine of x + turn pi/2. */
static Double2 sine(double x, uint32_t turn) {
    uint32_t quarter;
    Double2 r = reduced(x, &quarter);
    quarter += turn;
    Double2 result = quarter & 1 ? series(r, 28) : multiply(r, series(r, 29));
    return quarter & 2 ? (Double2){-result.high, -result.low} : result;
}

static bool is_angle(double x) { return __builtin_fabs(x) < LARGEST_ANGLE; }

double native__pystd___math__sin(double x) {
    if (x != x || __builtin_fabs(x) < 0x1p-27) return x;
    if (!is_angle(x)) return domain_error();
    Double2 result = sine(x, 0);
    return result.high + result.low;
}

double native__pystd___math__cos(double x) {
    if (x != x) return x;
    if (!is_angle(x)) return domain_error();
    Double2 result = sine(x, 1);
    return result.high + result.low;
}

double native__pystd___math__tan(double x) {
    if (x != x || __builtin_fabs(x) < 0x1p-27) return x;
    if (!is_angle(x)) return domain_error();
    Double2 result = divide(sine(x, 0), sine(x, 1));
    return result.high + result.low;
}
