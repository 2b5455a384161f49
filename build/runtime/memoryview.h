/* memoryview of bytes: a part of them, or every n-th byte of a part, that is not copied. Bytes never
   change, so all views are read-only. The three types are one to programs; only that of views whose
   bytes lie side by side is bytes-like. */

#ifndef MIXER2_MEMORYVIEW_H
#define MIXER2_MEMORYVIEW_H

#include "bytes.h"
#include "bytearray.h"

/* Begins as a ByteArray does: that is how bytes_like reads it. */
typedef struct MemoryView {
    VarObject var;
    const char *data; /* of the first item */
    Bytes *base;      /* NULL: released */
    int32_t step;
    uint32_t hash;    /* 0: not computed yet */
} MemoryView;

extern Type PyMemoryView_Type;
extern Type StridedView_Type;  /* steps other than 1 */
extern Type ReleasedView_Type;

/* The view that an object is, if it is not released; otherwise NULL with ValueError. */
const MemoryView *memoryview_in_use(Object *self);

static inline uint8_t memoryview_byte(const MemoryView *view, int64_t index) {
    return (uint8_t)view->data[index * view->step];
}

/* `count` items of the same bytes. */
Object *memoryview_new(Bytes *base, const char *data, int64_t count, int64_t step);

/* A copy of what is viewed. */
Bytes *memoryview_bytes(const MemoryView *view);

#endif
