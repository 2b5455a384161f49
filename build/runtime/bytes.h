/* Bytes objects. Laws as for Str (str.h), without the text. */

#ifndef MIXER2_BYTES_H
#define MIXER2_BYTES_H

#include "memory.h"

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

bool bytes_equal(const Bytes *left, const Bytes *right);
uint32_t bytes_hash_compute(Bytes *self);
static inline uint32_t bytes_hash(Bytes *self) {
    return self->hash ? self->hash : bytes_hash_compute(self);
}

int64_t bytes_hash_slot(Object *self);
Object *bytes_repr(Object *self);

#endif
