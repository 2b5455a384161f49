/* CRC-32C, eight bytes at a time (slicing-by-8), for adapters.ingestion.kafka.crc32c. */

#include "bytes.h"
#include "tagged.h"

#define POLYNOMIAL 0x82F63B78u
#define SLICES 8

static uint32_t tables[SLICES][256];

/* Made by the first call: 8 KB that no module carries. */
static void make_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
        tables[0][byte] = value;
    }
    for (int slice = 1; slice < SLICES; slice++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = before >> 8 ^ tables[0][before & 0xFF];
        }
}

static uint32_t load(const char *place) {
    uint32_t value;
    memcpy(&value, place, sizeof value);
    return value;
}

/* The checksum of data from byte start on; a start behind the end leaves nothing. */
Tagged native__adapters__ingestion__kafka__crc32c__crc32c(Bytes *data, Tagged start) {
    if (!tables[0][1]) make_tables();
    int64_t at = tagged_value(start);
    int64_t size = data->var.size;
    uint32_t value = ~0u;
    for (; at + SLICES <= size; at += SLICES) {
        uint32_t low = load(data->data + at) ^ value;
        uint32_t high = load(data->data + at + 4);
        value = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
                tables[4][low >> 24] ^ tables[3][high & 0xFF] ^ tables[2][high >> 8 & 0xFF] ^
                tables[1][high >> 16 & 0xFF] ^ tables[0][high >> 24];
    }
    for (; at < size; at++) value = value >> 8 ^ tables[0][(value ^ (uint8_t)data->data[at]) & 0xFF];
    return tagged_from(~value);
}
