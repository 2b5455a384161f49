/* Finding bytes in bytes: by the first byte, then by comparing. Worst case the product of the sizes;
   needles in guest code are names and separators. */

#include "search.h"

#include "memory.h"
#include "word.h"

#define ONES UINT64_C(0x0101010101010101)

/* Bytes from `start` to `end`, or to the first one equal to `wanted`. */
static const char *find_byte(const char *start, const char *end, char wanted) {
    uint64_t pattern = (uint8_t)wanted * ONES;
    for (; end - start >= 8; start += 8) {
        uint64_t difference = *(const Word *)start ^ pattern;
        /* Nonzero if and only if a byte of `difference` is zero. */
        if ((difference - ONES) & ~difference & HIGH_BITS) break;
    }
    while (start < end && *start != wanted) start++;
    return start;
}

uint32_t search_forward(Span haystack, Span needle) {
    if (!needle.size) return 0;
    if (needle.size > haystack.size) return NOT_FOUND;
    const char *place = haystack.data;
    const char *last = haystack.data + (haystack.size - needle.size) + 1;
    for (;; place++) {
        place = find_byte(place, last, needle.data[0]);
        if (place == last) return NOT_FOUND;
        if (memcmp(place, needle.data, needle.size) == 0) return (uint32_t)(place - haystack.data);
    }
}

uint32_t search_backward(Span haystack, Span needle) {
    if (needle.size > haystack.size) return NOT_FOUND;
    for (uint32_t place = haystack.size - needle.size;; place--) {
        if (memcmp(haystack.data + place, needle.data, needle.size) == 0) return place;
        if (!place) return NOT_FOUND;
    }
}

uint32_t search_count(Span haystack, Span needle) {
    uint32_t count = 0;
    for (;; count++) {
        uint32_t place = search_forward(haystack, needle);
        if (place == NOT_FOUND) return count;
        haystack = span_from(haystack, place + needle.size);
    }
}

bool span_starts_with(Span whole, Span prefix) {
    return prefix.size <= whole.size && memcmp(whole.data, prefix.data, prefix.size) == 0;
}

bool span_ends_with(Span whole, Span suffix) {
    if (suffix.size > whole.size) return false;
    return memcmp(whole.data + (whole.size - suffix.size), suffix.data, suffix.size) == 0;
}
