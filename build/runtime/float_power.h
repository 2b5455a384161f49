/* Exponentials, logarithms and powers of doubles, computed with twice their precision: the results
   are those of correct rounding but for cases too rare to meet. */

#ifndef MIXER2_FLOAT_POWER_H
#define MIXER2_FLOAT_POWER_H

/* Any double; infinity on overflow. */
double float_exp(double x);

/* The natural logarithm of x > 0, or NaN. */
double float_log(double x);

/* The logarithm of x > 0 to a base > 1, or NaN. */
double float_log_to(double x, double base);

typedef enum PowerFault {
    POWER_VALID,
    POWER_OF_ZERO,     /* 0 to a negative power */
    POWER_COMPLEX,     /* a negative number to a fraction */
    POWER_OVERFLOW,
} PowerFault;

PowerFault float_power(double base, double exponent, double *result);

#endif
