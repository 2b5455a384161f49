/* Static data as the linker packs it (mixer2/compiler/link/packing.py says how). */

#include <stdint.h>

#define LONGEST_NIBBLE 15
#define SHORTEST 3

static uint32_t length(const uint8_t **from, uint32_t nibble) {
    if (nibble < LONGEST_NIBBLE) return nibble;
    uint8_t more;
    do {
        more = *(*from)++;
        nibble += more;
    } while (more == 0xff);
    return nibble;
}

static uint8_t *copy(uint8_t *to, const uint8_t *from, uint32_t size) {
    while (size--) *to++ = *from++;
    return to;
}

void unpack(const uint8_t *from, uint8_t *to, const uint8_t *end) {
    while (to < end) {
        uint8_t lengths = *from++;
        uint32_t plain = length(&from, lengths >> 4);
        to = copy(to, from, plain);
        from += plain;
        if (to >= end) return;
        uint32_t repeated = length(&from, lengths & LONGEST_NIBBLE) + SHORTEST;
        uint32_t distance = *from++;
        if (distance & 0x80) distance = (distance & 0x7f) << 8 | *from++;
        to = copy(to, to - distance, repeated);
    }
}
