/* Finding text in text. */

#ifndef MIXER2_STR_FIND_H
#define MIXER2_STR_FIND_H

#include "search.h"
#include "str.h"

Span str_span(const Str *text);
bool str_contains(const Str *text, const Str *part);
bool str_starts_with(const Str *text, const Str *prefix);
bool str_ends_with(const Str *text, const Str *suffix);

#endif
