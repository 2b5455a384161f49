/* The nearest double of a decimal. */

#include "decimal.h"

/* As many digits as fit into 64 bits. */
#define LEADING_DIGITS 19

static uint64_t leading_number(const Decimal *decimal, int32_t count) {
    uint64_t number = 0;
    for (int32_t i = 0; i < count; i++) number = number * 10 + (uint64_t)(decimal->digits[i] - '0');
    return number;
}

/* A few units in the last place off. */
static double scale(double value, int32_t exponent) {
    for (; exponent > EXACT_POWERS; exponent -= EXACT_POWERS) value *= decimal_powers[EXACT_POWERS];
    for (; exponent < -EXACT_POWERS; exponent += EXACT_POWERS) {
        value /= decimal_powers[EXACT_POWERS];
    }
    return exponent < 0 ? value / decimal_powers[-exponent] : value * decimal_powers[exponent];
}

static double neighbour(double value, int direction) {
    int64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    bits += direction;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

/* Walks to the double in whose interval the decimal lies. */
static double correct(const Decimal *decimal, double guess) {
    const double largest = 0x1.fffffffffffffp+1023;
    if (guess > largest) guess = largest;
    while (guess <= largest) {
        Interval interval;
        decimal_interval(&interval, binary_from_double(guess));
        int high = decimal_compare(&interval.high, decimal->digits, decimal->count, decimal->point);
        if (high < 0 || (high == 0 && !interval.closed)) {
            guess = neighbour(guess, 1);
            continue;
        }
        if (guess == 0) break;
        int low = decimal_compare(&interval.low, decimal->digits, decimal->count, decimal->point);
        if (low < 0 || (low == 0 && interval.closed)) break;
        guess = neighbour(guess, -1);
    }
    return guess;
}

double decimal_to_double(const Decimal *decimal) {
    if (decimal->count == 0 || decimal->point < -330) return 0;
    if (decimal->point > 310) return __builtin_inf();
    int32_t count = decimal->count < LEADING_DIGITS ? decimal->count : LEADING_DIGITS;
    uint64_t number = leading_number(decimal, count);
    int32_t exponent = decimal->point - count;
    double guess = scale((double)number, exponent);
    bool one_rounding = decimal->count <= 15 && exponent >= -EXACT_POWERS &&
                        exponent <= EXACT_POWERS;
    return one_rounding ? guess : correct(decimal, guess);
}
