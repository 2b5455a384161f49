/* The format specification mini-language: [[fill]align][sign][z][#][0][width][,_][.precision][type]. */

#ifndef MIXER2_FORMAT_SPEC_H
#define MIXER2_FORMAT_SPEC_H

#include "builder.h"

#define NOT_GIVEN (-1)

typedef struct FormatSpec {
    uint32_t fill;      /* code point */
    char align;         /* < > ^ = */
    char sign;          /* + - space, or 0 */
    char separator;     /* , _ or 0 */
    uint8_t group;      /* digits between separators */
    bool no_negative_zero;
    bool alternate;
    int64_t width;      /* NOT_GIVEN or code points */
    int64_t precision;  /* NOT_GIVEN or digits */
    uint32_t type;      /* code point */
} FormatSpec;

/* False with ValueError. `object` is what is formatted, for messages; `align` and `type` are what its
   type has where nothing is given. */
bool format_spec_parse(FormatSpec *spec, const Str *specification, Object *object, char align,
                       char type);

/* Raises "Unknown format code ..."; NULL. */
Object *format_unknown_type(const FormatSpec *spec, Object *object);

/* Raises ValueError; NULL. */
Object *format_complain(const char *message);

/* `count` times a code point. */
void builder_fill(Builder *builder, uint32_t code_point, int64_t count);

/* How far `length` code points are moved right in their width. */
int64_t format_left_padding(const FormatSpec *spec, int64_t length);

/* A number as text: parts that are laid out apart. */
typedef struct NumberText {
    bool negative;
    const char *prefix;  /* 0x and such */
    const char *digits;  /* the whole part, which is grouped; may be empty */
    int64_t digit_count;
    const char *rest;    /* fraction, exponent, percent sign, inf, nan */
    int64_t rest_size;
} NumberText;

/* Sign, prefix, digits with separators and zeros, rest; padded to the width. */
Object *format_number(const FormatSpec *spec, const NumberText *number);

#endif
