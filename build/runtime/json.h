/* What reading and writing JSON share. */

#ifndef MIXER2_JSON_H
#define MIXER2_JSON_H

#include "errors.h"

/* How deep values nest (mixer2/compiler/library/_json_value.py). */
#define JSON_DEPTH 200u

typedef uint64_t JsonWord __attribute__((aligned(1), may_alias));

#define JSON_BYTES(byte) (UINT64_C(0x0101010101010101) * (byte))
#define JSON_HIGH_BITS JSON_BYTES(0x80)

/* The high bits of the bytes that are 0; those of larger bytes above the lowest of these may be set, too. */
static inline uint64_t json_zeros(uint64_t word) {
    return (word - JSON_BYTES(1)) & ~word & JSON_HIGH_BITS;
}

/* Likewise of those that no string may hold as they are: controls, quotes, backslashes. */
static inline uint64_t json_specials(uint64_t word) {
    return ((word - JSON_BYTES(0x20)) & ~word & JSON_HIGH_BITS) | json_zeros(word ^ JSON_BYTES('"')) |
           json_zeros(word ^ JSON_BYTES('\\'));
}

/* Raises what CPython raises when its stack ends. */
static inline void json_too_deep(const char *doing) {
    raise_formatted(&Exc_RecursionError_Type, "maximum recursion depth exceeded while %s", doing);
}

#endif
