/* Indexing and slicing of bytes. */

#ifndef MIXER2_BYTES_INDEX_H
#define MIXER2_BYTES_INDEX_H

#include "bytes.h"

Tagged CPyBytes_GetItem(Bytes *bytes, Tagged index);
Bytes *CPyBytes_GetSlice(Bytes *bytes, Tagged start, Tagged end);

/* The part from `start` to `end`, both in range; the object itself when that is all. */
Bytes *bytes_slice(Bytes *bytes, uint32_t start, uint32_t end);

#endif
