/* Arrays of slots: the items of lists and tuples. */

#ifndef MIXER2_SLOTS_H
#define MIXER2_SLOTS_H

#include "memory.h"

/* What `count` items take; more than there can ever be is MEMORY_LIMIT, which the allocator
   refuses. */
static inline size_t array_size(int64_t count, size_t stride) {
    if (count > (int64_t)(MEMORY_LIMIT / stride)) out_of_memory();
    return (size_t)count * stride;
}

static inline size_t slots_size(int64_t count) { return array_size(count, sizeof(Slot)); }

/* Copies `count` slots, each a new reference; the areas must not overlap. */
static inline void slots_copy(Slot *to, const Slot *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        to[i].object = from[i].object;
        INCREF(to[i].object);
    }
}

/* The index from the front, or -1 when there is no such item. */
static inline int64_t index_from_front(int64_t index, int64_t size) {
    if (index < 0) index += size;
    return index >= 0 && index < size ? index : -1;
}

#endif
