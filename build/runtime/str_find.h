/* Finding text in text. */

#ifndef MIXER2_STR_FIND_H
#define MIXER2_STR_FIND_H

#include "search.h"
#include "str.h"

Span str_span(const Str *text);

/* A part of a text: its bytes, and where they begin. */
typedef struct StrPart {
    Span span;
    uint32_t offset;
} StrPart;

/* text[start:end]; false if start > end, where not even "" is found. */
bool str_part(const Str *text, int64_t start, int64_t end, StrPart *part);

/* The index of the first (direction 1) or last (-1) place within text[start:end], or -1. */
int64_t str_find(const Str *text, const Str *wanted, int64_t start, int64_t end, int direction);
int64_t str_count(const Str *text, const Str *wanted, int64_t start, int64_t end);

/* Whether a code point is in a text. */
char str_has_character(Str *text, Tagged character);

bool str_contains(const Str *text, const Str *part);
bool str_starts_with(const Str *text, const Str *prefix);
bool str_ends_with(const Str *text, const Str *suffix);

/* `affix`: a str or a tuple of them. BOOL_ERROR with TypeError that names `method`. */
typedef bool AffixTest(Span whole, Span affix);
int str_has_affix(Span part, Object *affix, AffixTest *test, const char *method);

#endif
