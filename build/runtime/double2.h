/* Doubles with twice their precision. */

#ifndef MIXER2_DOUBLE2_H
#define MIXER2_DOUBLE2_H

/* The unevaluated sum of two doubles, |low| <= ulp(high) / 2: some 104 bits. */
typedef struct Double2 {
    double high;
    double low;
} Double2;

static inline Double2 quick_sum(double a, double b) {
    double sum = a + b;
    return (Double2){sum, b - (sum - a)};
}

static inline Double2 exact_sum(double a, double b) {
    double sum = a + b, part = sum - a;
    return (Double2){sum, (a - (sum - part)) + (b - part)};
}

/* Halves a mantissa, so that products of halves are exact (Dekker 1971). */
static inline Double2 split(double a) {
    double scaled = a * 134217729.0; /* 2**27 + 1 */
    double high = scaled - (scaled - a);
    return (Double2){high, a - high};
}

static inline Double2 exact_product(double a, double b) {
    double product = a * b;
    Double2 x = split(a), y = split(b);
    double error = ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low;
    return (Double2){product, error};
}

static inline Double2 add(Double2 a, Double2 b) {
    Double2 high = exact_sum(a.high, b.high), low = exact_sum(a.low, b.low);
    high = quick_sum(high.high, high.low + low.high);
    return quick_sum(high.high, high.low + low.low);
}

static inline Double2 multiply(Double2 a, Double2 b) {
    Double2 product = exact_product(a.high, b.high);
    return quick_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline Double2 divide(Double2 a, Double2 b) {
    double first = a.high / b.high;
    Double2 rest = add(a, multiply((Double2){-first, 0}, b));
    double second = rest.high / b.high;
    rest = add(rest, multiply((Double2){-second, 0}, b));
    Double2 quotient = quick_sum(first, second);
    return add(quotient, (Double2){rest.high / b.high, 0});
}

#endif
