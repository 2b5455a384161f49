/* int: to and from bytes. */

#ifndef MIXER2_INT_BYTES_H
#define MIXER2_INT_BYTES_H

#include "bytes.h"
#include "object.h"

/* False with ValueError for anything but "big" and "little". */
bool int_byte_order(const Str *order, bool *little);

/* Two's complement in `length` bytes; NULL with OverflowError or ValueError. */
Bytes *int_to_bytes(int64_t value, int64_t length, bool little, bool is_signed);

/* False with OverflowError beyond 63 bits. */
bool int_from_bytes(Span bytes, bool little, bool is_signed, int64_t *value);

/* int.from_bytes(bytes, "little") and "big": what the compiler calls where it knows these. */
Tagged int_from_little_endian(const Bytes *bytes);
Tagged int_from_big_endian(const Bytes *bytes);

/* int.from_bytes(bytes[start:end], ...), without the slice. */
Tagged int_from_little_endian_part(const Bytes *bytes, Tagged start, Tagged end);
Tagged int_from_big_endian_part(const Bytes *bytes, Tagged start, Tagged end);

/* left + value.to_bytes(length, "little", signed=is_signed) */
Bytes *bytes_add_little_endian(Bytes *left, Tagged value, Py_ssize_t length, char is_signed);

/* The same, where the left is a number as well. */
Bytes *bytes_of_little_endian_pair(Tagged left, Py_ssize_t left_length, char left_is_signed, Tagged right,
                                   Py_ssize_t right_length, char right_is_signed);

#endif
