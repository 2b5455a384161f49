/* Exact decimal expansions. Laws in decimal.h. */

#include "decimal.h"

#include "memory.h"

/* 5**1075 * 2**55 takes 2552 bits. */
#define BIG_WORDS 81

typedef struct Big {
    uint32_t count;
    uint32_t words[BIG_WORDS]; /* least significant first */
} Big;

static void big_multiply(Big *big, uint32_t factor) {
    uint64_t carry = 0;
    for (uint32_t i = 0; i < big->count; i++) {
        carry += (uint64_t)big->words[i] * factor;
        big->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) big->words[big->count++] = (uint32_t)carry;
}

/* Divides; returns the remainder. */
static uint32_t big_divide(Big *big, uint32_t divisor) {
    uint64_t rest = 0;
    for (uint32_t i = big->count; i > 0; i--) {
        rest = rest << 32 | big->words[i - 1];
        big->words[i - 1] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    while (big->count && big->words[big->count - 1] == 0) big->count--;
    return (uint32_t)rest;
}

#define FIVE_TO_13 1220703125u
#define TEN_TO_9 1000000000u

/* value * 2**exponent, or value * 5**-exponent: the digits are the same but for the point. */
static void big_scale(Big *big, uint64_t value, int32_t exponent) {
    big->words[0] = (uint32_t)value;
    big->words[1] = (uint32_t)(value >> 32);
    big->count = value >> 32 ? 2 : value ? 1 : 0;
    for (; exponent >= 31; exponent -= 31) big_multiply(big, 1u << 31);
    for (; exponent > 0; exponent--) big_multiply(big, 2);
    for (; exponent <= -13; exponent += 13) big_multiply(big, FIVE_TO_13);
    for (; exponent < 0; exponent++) big_multiply(big, 5);
}

static void strip_zeros(Decimal *decimal) {
    while (decimal->count && decimal->digits[decimal->count - 1] == '0') decimal->count--;
}

void decimal_from_binary(Decimal *decimal, Binary binary) {
    Big big;
    big_scale(&big, binary.mantissa, binary.exponent);
    char text[DECIMAL_DIGITS + 9];
    char *end = text + sizeof text, *start = end;
    while (big.count) {
        uint32_t group = big_divide(&big, TEN_TO_9);
        for (int i = 0; i < 9; i++, group /= 10) *--start = (char)('0' + group % 10);
    }
    while (start < end && *start == '0') start++;
    decimal->count = (int32_t)(end - start);
    decimal->point = decimal->count + (binary.exponent < 0 ? binary.exponent : 0);
    memcpy(decimal->digits, start, (size_t)decimal->count);
    strip_zeros(decimal);
}

#define MANTISSA_BITS 52
#define HIDDEN_BIT (UINT64_C(1) << MANTISSA_BITS)
#define LOWEST_EXPONENT (-1074)

Binary binary_from_double(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    uint64_t mantissa = bits & (HIDDEN_BIT - 1);
    int32_t biased = (int32_t)(bits >> MANTISSA_BITS & 0x7ff);
    if (biased == 0) return (Binary){mantissa, LOWEST_EXPONENT};
    return (Binary){mantissa | HIDDEN_BIT, biased - 1 + LOWEST_EXPONENT};
}

double binary_to_double(Binary binary) {
    uint64_t bits = binary.mantissa;
    if (bits >= HIDDEN_BIT) {
        /* Adding the exponent to a mantissa of 2**53 carries into it, as it should. */
        bits += (uint64_t)(binary.exponent - LOWEST_EXPONENT) << MANTISSA_BITS;
    }
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

/* Adds one unit in the last place of the first `count` digits. */
static void increment(Decimal *decimal) {
    int32_t i = decimal->count;
    while (i > 0 && decimal->digits[i - 1] == '9') i--;
    if (i == 0) {
        decimal->digits[0] = '1';
        decimal->count = 1;
        decimal->point++;
    } else {
        decimal->digits[i - 1]++;
        decimal->count = i;
    }
}

bool decimal_rounds_up(const Decimal *decimal, int32_t count) {
    char next = decimal->digits[count];
    if (next != '5' || decimal->count > count + 1) return next >= '5';
    return count > 0 && (decimal->digits[count - 1] - '0') % 2;
}

void decimal_truncate(Decimal *decimal, int32_t count, bool up) {
    if (count < decimal->count) decimal->count = count;
    if (up) increment(decimal);
    strip_zeros(decimal);
}

void decimal_round(Decimal *decimal, int32_t count) {
    if (count >= decimal->count) return;
    if (count < 0) {
        decimal->count = 0;
        return;
    }
    decimal_truncate(decimal, count, decimal_rounds_up(decimal, count));
}

int decimal_compare(const Decimal *decimal, const char *digits, int32_t count, int32_t point) {
    if (decimal->count == 0 || count == 0) return (decimal->count > 0) - (count > 0);
    if (decimal->point != point) return decimal->point < point ? -1 : 1;
    int32_t common = decimal->count < count ? decimal->count : count;
    int order = memcmp(decimal->digits, digits, (size_t)common);
    if (order) return order;
    /* What is left are zeros, or makes its side the greater one. */
    for (int32_t i = common; i < decimal->count; i++) {
        if (decimal->digits[i] != '0') return 1;
    }
    for (int32_t i = common; i < count; i++) {
        if (digits[i] != '0') return -1;
    }
    return 0;
}

void decimal_interval(Interval *interval, Binary binary) {
    Binary doubled = {binary.mantissa * 2, binary.exponent - 1};
    bool narrow = binary.mantissa == HIDDEN_BIT && binary.exponent > LOWEST_EXPONENT;
    Binary below = narrow ? (Binary){binary.mantissa * 4 - 1, binary.exponent - 2}
                          : (Binary){doubled.mantissa - 1, doubled.exponent};
    decimal_from_binary(&interval->low, below);
    decimal_from_binary(&interval->high, (Binary){doubled.mantissa + 1, doubled.exponent});
    interval->closed = binary.mantissa % 2 == 0;
}
