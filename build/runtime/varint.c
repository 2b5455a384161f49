/* adapters.wire.varint for compiled plugins. */

#include "bytes.h"
#include "tagged.h"

#define LONGEST 10

enum { CUT_OFF = -1, TOO_LARGE = -2 };

/* A number that is not below 0. */
Bytes *native__adapters__wire__varint__encode(Tagged number) {
    uint8_t bytes[LONGEST];
    uint32_t size = 0;
    uint64_t value = (uint64_t)tagged_value(number);
    for (; value > 0x7f; value >>= 7) bytes[size++] = (uint8_t)(value | 0x80);
    bytes[size++] = (uint8_t)value;
    return bytes_new((const char *)bytes, size);
}

/* Reads the number at `at`; where it ends, or what is wrong with it. */
static int64_t read(const Bytes *data, int64_t at, int64_t *value) {
    uint64_t bits = 0;
    for (uint32_t shift = 0; at < data->var.size; shift += 7) {
        uint8_t byte = (uint8_t)data->data[at++];
        bits |= (uint64_t)(byte & 0x7f) << shift;
        if (shift == 7 * (LONGEST - 1) && byte > 1) return TOO_LARGE;
        if (byte & 0x80) continue;
        *value = (int64_t)bits;
        return tagged_fits(*value) ? at : TOO_LARGE;
    }
    return CUT_OFF;
}

Tagged native__adapters__wire__varint__end(Bytes *data, Tagged start) {
    int64_t value;
    return tagged_from(read(data, tagged_value(start), &value));
}

/* Of a number that has an end. */
Tagged native__adapters__wire__varint__at(Bytes *data, Tagged start) {
    int64_t value = 0;
    read(data, tagged_value(start), &value);
    return tagged_from(value);
}
