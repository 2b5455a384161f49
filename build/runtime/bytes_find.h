/* Finding bytes in bytes, and what an argument stands for. */

#ifndef MIXER2_BYTES_FIND_H
#define MIXER2_BYTES_FIND_H

#include "bytes.h"

/* The data of a bytes-like object; false with TypeError. */
bool bytes_argument(Object *argument, Span *data);

/* As above, or one byte given as an int; `byte` is its room. */
bool bytes_or_byte_argument(Object *argument, Span *data, char *byte);

/* bytes[start:end]; false if start > end. */
bool bytes_part(Span whole, int64_t start, int64_t end, Span *part);

static inline bool byte_is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

#endif
