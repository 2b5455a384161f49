/* UTF-8 as Str stores it: well formed, except that lone surrogates have their three-byte form. */

#ifndef MIXER2_UTF8_H
#define MIXER2_UTF8_H

#include "object.h"

#define CODE_POINT_LIMIT 0x110000u

static inline bool is_surrogate(uint32_t code_point) { return code_point - 0xd800u < 0x800u; }

/* Bytes 10xxxxxx. */
static inline bool utf8_is_continuation(char byte) { return (byte & 0xc0) == 0x80; }

/* Bytes of the code point that starts with `lead`. */
static inline uint32_t utf8_width(char lead) {
    uint8_t byte = (uint8_t)lead;
    return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

static inline uint32_t utf8_width_of(uint32_t code_point) {
    return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}

/* The code point at *position, which moves behind it. */
uint32_t utf8_next(const char **position);

/* The code point before *position, which moves to its start. */
uint32_t utf8_previous(const char **position);

/* Writes 1 to 4 bytes; returns how many. */
uint32_t utf8_write(char *to, uint32_t code_point);

/* Code points in well-formed text. */
uint32_t utf8_count(const char *text, uint32_t size);

/* The byte offset of the code point with this index, counted from `text`. */
uint32_t utf8_offset(const char *text, uint32_t index);

/* How far `data` is ASCII. */
uint32_t ascii_prefix(const char *data, uint32_t size);

/* What is wrong at a place where bytes are no UTF-8. */
typedef enum Utf8Fault {
    UTF8_GOOD,
    UTF8_BAD_START,        /* a byte that starts nothing */
    UTF8_BAD_CONTINUATION, /* the bytes before this one started something */
    UTF8_CUT_OFF,          /* the end of the data comes too soon */
} Utf8Fault;

/* Reads one strict UTF-8 code point at data[0], size > 0. *width: bytes read; on a fault: bytes of the
   ill-formed part, as CPython counts them (the maximal subpart of Unicode, chapter 3.9). */
Utf8Fault utf8_read(const char *data, uint32_t size, uint32_t *code_point, uint32_t *width);

/* What UnicodeDecodeError says. */
const char *utf8_fault_reason(Utf8Fault fault);

#endif
