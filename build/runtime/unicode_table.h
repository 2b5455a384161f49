/* Properties and case mappings of code points from U+0080 on; the data is in unicode_data.c.

   A table is a stream of entries in ascending order. Each starts with two LEB128 numbers: how far its
   first code point is from the end of the last entry, and a size. A set's size is a run's length. A
   mapping's size is 2 * (count - 1), plus 1 if it holds every second code point only; then comes the
   zigzag-coded distance to the counterpart. Checkpoints say where decoding can begin. */

#ifndef MIXER2_UNICODE_TABLE_H
#define MIXER2_UNICODE_TABLE_H

#include "object.h"

typedef struct Checkpoint {
    uint32_t position; /* the end of the entry before */
    uint32_t offset;   /* in the stream */
} Checkpoint;

typedef struct UnicodeTable {
    const uint8_t *stream;
    const Checkpoint *checkpoints;
    uint32_t checkpoint_count;
    uint32_t stream_size;
} UnicodeTable;

extern const UnicodeTable unicode_printable, unicode_alphabetic, unicode_alphanumeric;
extern const UnicodeTable unicode_digit, unicode_decimal, unicode_numeric;
extern const UnicodeTable unicode_identifier_start, unicode_identifier_part;
extern const UnicodeTable unicode_lowercase, unicode_uppercase, unicode_titlecase;
extern const UnicodeTable unicode_to_lower, unicode_to_upper, unicode_to_title, unicode_to_folded;

/* Code points that become several: each in UTF-8, a byte with the size of what it becomes, and that in
   UTF-8; a zero byte ends the list. */
extern const uint8_t unicode_lower_expansions[], unicode_upper_expansions[];
extern const uint8_t unicode_title_expansions[], unicode_folded_expansions[];

/* The place of a code point in its run of members, from 0; -1: it is no member. */
int64_t unicode_place(const UnicodeTable *set, uint32_t code_point);

bool unicode_is(const UnicodeTable *set, uint32_t code_point);

/* The counterpart, or the code point itself. */
uint32_t unicode_map(const UnicodeTable *mapping, uint32_t code_point);

/* Whether the code point is the counterpart of another one; looks at the whole table. */
bool unicode_is_mapped_to(const UnicodeTable *mapping, uint32_t code_point);

/* A code point whose counterpart this one is, after `skip` others, or 0; looks at the whole table. */
uint32_t unicode_mapped_to(const UnicodeTable *mapping, uint32_t code_point, uint32_t skip);

/* The UTF-8 that a code point becomes, or NULL: then unicode_map answers. */
const char *unicode_expand(const uint8_t *expansions, uint32_t code_point, uint32_t *size);

/* str.isspace() of one code point, ASCII included. */
bool unicode_is_space(uint32_t code_point);

/* What str.splitlines() splits at. */
bool unicode_is_line_break(uint32_t code_point);

#endif
