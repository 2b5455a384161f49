/* Hexadecimal digits of ASCII text. */

#ifndef MIXER2_HEX_DIGIT_H
#define MIXER2_HEX_DIGIT_H

/* What a digit stands for, in either case; -1 when it is none. */
static inline int hex_digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 'a' ^ 'A';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
