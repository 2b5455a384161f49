/* Bytes objects. Laws as for Str (str.h), without the text. */

#ifndef MIXER2_BYTES_H
#define MIXER2_BYTES_H

#include "memory.h"
#include "search.h"

extern Type PyBytes_Type;
extern Bytes bytes_empty_;
#define BYTES_EMPTY (&bytes_empty_)

static inline bool is_bytes(const Object *object) { return object->type == &PyBytes_Type; }

/* A new reference to b"". */
Bytes *bytes_empty(void);
Bytes *bytes_new(const char *data, int64_t size);

/* Uninitialised data; the caller fills all `size` bytes. */
Bytes *bytes_reserve(int64_t size);

/* Takes over a buffer that the host filled through `malloc`. */
Bytes *bytes_adopt(void *data, uint32_t size);

static inline Span bytes_span(const Bytes *bytes) {
    return (Span){bytes->data, (uint32_t)bytes->var.size};
}

bool bytes_equal(const Bytes *left, const Bytes *right);

/* By byte values: negative, zero, positive. */
int bytes_order(const Bytes *left, const Bytes *right);
uint32_t bytes_hash_compute(Bytes *self);
static inline uint32_t bytes_hash(Bytes *self) {
    return self->hash ? self->hash : bytes_hash_compute(self);
}

Bytes *CPyBytes_Concat(Bytes *left, Bytes *right);
Bytes *CPyBytes_Multiply(Bytes *bytes, Tagged count);
Object *bytes_repr(Object *self);

#endif
