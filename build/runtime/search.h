/* Finding bytes in bytes, for text and bytes alike. */

#ifndef MIXER2_SEARCH_H
#define MIXER2_SEARCH_H

#include "object.h"

/* A part of an object's data. */
typedef struct Span {
    const char *data;
    uint32_t size;
} Span;

#define NOT_FOUND UINT32_MAX

/* The first (last) place of `needle`; an empty needle is found at the start (end). */
uint32_t search_forward(Span haystack, Span needle);
uint32_t search_backward(Span haystack, Span needle);

/* Occurrences that do not overlap. `needle` is not empty. */
uint32_t search_count(Span haystack, Span needle);

bool span_starts_with(Span whole, Span prefix);
bool span_ends_with(Span whole, Span suffix);

static inline Span span_from(Span span, uint32_t start) {
    return (Span){span.data + start, span.size - start};
}

/* Python's rule for optional bounds: clipped, negative ones from the end. */
static inline void clip_bounds(int64_t *start, int64_t *end, int64_t length) {
    if (*end > length) *end = length;
    if (*end < 0 && (*end += length) < 0) *end = 0;
    if (*start < 0 && (*start += length) < 0) *start = 0;
}

#endif
