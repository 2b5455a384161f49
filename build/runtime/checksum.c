/* Checksums: zlib.crc32, and the CRC-32C of pal.checksum.

   Eight bytes at a time (slicing-by-8), by tables that the first call makes: 8 KB of memory for each
   polynomial, and none of it in a module. */

#include "bytes.h"
#include "tagged.h"

/* The polynomials, least significant bit first. */
#define CRC32 0xedb88320u
#define CRC32C 0x82f63b78u

#define SLICES 8

/* Row n says what a byte does that is n places further ahead. */
typedef uint32_t Tables[SLICES][256];

static void make_tables(Tables tables, uint32_t polynomial) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? polynomial : 0);
        tables[0][byte] = value;
    }
    for (int slice = 1; slice < SLICES; slice++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = before >> 8 ^ tables[0][before & 0xff];
        }
}

static uint32_t load(const uint8_t *place) {
    uint32_t word;
    memcpy(&word, place, sizeof word);
    return word;
}

/* The checksum of data from byte `start` on, behind data whose checksum is `before`. A start behind the
   end leaves nothing. */
static Tagged checksum(Tables tables, uint32_t polynomial, const Bytes *data, int64_t start,
                       int64_t before) {
    if (!tables[0][1]) make_tables(tables, polynomial);
    uint32_t value = ~(uint32_t)before;
    int64_t at = start, size = data->var.size;
    const uint8_t *bytes = (const uint8_t *)data->data;
    for (; at + SLICES <= size; at += SLICES) {
        uint32_t low = load(bytes + at) ^ value, high = load(bytes + at + 4);
        value = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
                tables[4][low >> 24] ^ tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^
                tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
    }
    for (; at < size; at++) value = value >> 8 ^ tables[0][(value ^ bytes[at]) & 0xff];
    return tagged_from(~value);
}

Tagged native__pystd___checksum__crc32(Bytes *data, Tagged value) {
    static Tables tables;
    return checksum(tables, CRC32, data, 0, tagged_value(value));
}

/* An argument that may be left out, and then is 0. */
static int64_t optional(Tagged value) { return value == TAGGED_ERROR ? 0 : tagged_value(value); }

Tagged native__pal__checksum__crc32c(Bytes *data, Tagged value, Tagged start) {
    static Tables tables;
    return checksum(tables, CRC32C, data, optional(start), optional(value));
}
