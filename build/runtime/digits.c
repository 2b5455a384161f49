/* pal.digits for compiled plugins. */

#include "str.h"
#include "tagged.h"

/* Digits that are read: their number fits into 63 bits. */
#define MOST_DIGITS 18

Tagged native__pal__digits__leading_int(Str *text) {
    const char *place = text->data;
    bool negative = *place == '-';
    int64_t value = 0;
    if (negative) place++;
    for (int count = 0; count < MOST_DIGITS && (uint8_t)(*place - '0') < 10; count++)
        value = value * 10 + (*place++ - '0');
    return tagged_from(negative ? -value : value);
}
