/* Tagged ints: 63 bits in a register. See object.h for the representation. */

#ifndef MIXER2_TAGGED_H
#define MIXER2_TAGGED_H

#include "object.h"

#define TAGGED_MAX ((INT64_C(1) << 62) - 1)
#define TAGGED_MIN (-(INT64_C(1) << 62))

static inline int64_t tagged_value(Tagged tagged) { return tagged >> 1; }

/* The value must fit; tagged_fits tells. */
static inline Tagged tagged_from(int64_t value) { return (Tagged)((uint64_t)value << 1); }

static inline bool tagged_fits(int64_t value) { return value >= TAGGED_MIN && value <= TAGGED_MAX; }

/* Sets OverflowError and returns TAGGED_ERROR. */
Tagged tagged_overflow(void);

static inline Tagged tagged_checked(int64_t value) {
    return tagged_fits(value) ? tagged_from(value) : tagged_overflow();
}

#endif
