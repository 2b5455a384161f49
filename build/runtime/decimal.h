/* Exact decimal expansions: every double, and every midpoint between two, is a finite decimal.

   Law: reading and writing floats correctly needs no other arithmetic on large numbers; rounding and
   comparing are done on these digits. */

#ifndef MIXER2_DECIMAL_H
#define MIXER2_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* A midpoint between two doubles has at most 768 significant digits. */
#define DECIMAL_DIGITS 784

/* 0.d1d2d3... * 10**point, d1 not 0; the digits are characters. No digits: zero. */
typedef struct Decimal {
    int32_t count;
    int32_t point;
    char digits[DECIMAL_DIGITS];
} Decimal;

/* A finite double that is not negative, taken apart: mantissa * 2**exponent. */
typedef struct Binary {
    uint64_t mantissa;
    int32_t exponent;
} Binary;

Binary binary_from_double(double value);
/* Exact if mantissa < 2**53 and the exponent is one of a double's. */
double binary_to_double(Binary binary);

/* mantissa * 2**exponent; mantissa < 2**55, exponent >= -1075. */
void decimal_from_binary(Decimal *decimal, Binary binary);

/* Keeps at most `count` digits, rounded half to even; without trailing zeros. */
void decimal_round(Decimal *decimal, int32_t count);

/* Keeps at most `count` digits as they are, plus one unit in the last of them if `up`. */
void decimal_truncate(Decimal *decimal, int32_t count, bool up);

/* Whether the first `count` digits (fewer than there are) lie nearer to the next greater ones. */
bool decimal_rounds_up(const Decimal *decimal, int32_t count);

/* By value: negative, zero, positive. `digits` has `count` of them, the first not 0. */
int decimal_compare(const Decimal *decimal, const char *digits, int32_t count, int32_t point);

/* The decimals that read back as a double lie between the midpoints to its neighbours; the
   midpoints themselves do when the double's mantissa is even. */
typedef struct Interval {
    Decimal low;
    Decimal high;
    bool closed;
} Interval;

void decimal_interval(Interval *interval, Binary binary);

/* The nearest double, ties to even; infinity beyond the largest. */
double decimal_to_double(const Decimal *decimal);

/* The shortest decimal that reads back as `value`, the nearest one if there are several.
   `value` is finite and not negative. */
void decimal_shortest(Decimal *decimal, double value);

/* 10**0 to 10**22: those that a double holds exactly. */
#define EXACT_POWERS 22
extern const double decimal_powers[EXACT_POWERS + 1];

#endif
