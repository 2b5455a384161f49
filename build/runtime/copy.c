/* memcpy and its family. A bulk memory instruction is a call into the engine, so it pays from some
   64 bytes on; below, whole words are faster. Wasm allows unaligned words. */

#include "memory.h"
#include "word.h"

#define BULK_SIZE 64

/* Both ends first, then stores: so source and target may overlap. */
static void move_up_to_16(char *to, const char *from, size_t size) {
    if (size >= 8) {
        uint64_t head = *(const Word *)from;
        uint64_t tail = *(const Word *)(from + size - 8);
        *(Word *)to = head;
        *(Word *)(to + size - 8) = tail;
    } else if (size >= 4) {
        uint32_t head = *(const HalfWord *)from;
        uint32_t tail = *(const HalfWord *)(from + size - 4);
        *(HalfWord *)to = head;
        *(HalfWord *)(to + size - 4) = tail;
    } else if (size) {
        char head = from[0], middle = from[size / 2], tail = from[size - 1];
        to[0] = head;
        to[size / 2] = middle;
        to[size - 1] = tail;
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    if (size > BULK_SIZE) return __builtin_memcpy(to, from, size);
    char *target = to;
    const char *source = from;
    while (size > 16) {
        *(Word *)target = *(const Word *)source;
        *(Word *)(target + 8) = *(const Word *)(source + 8);
        target += 16;
        source += 16;
        size -= 16;
    }
    move_up_to_16(target, source, size);
    return to;
}

void *memmove(void *to, const void *from, size_t size) {
    if (size > 16) return __builtin_memmove(to, from, size);
    move_up_to_16(to, from, size);
    return to;
}

void *memset(void *to, int byte, size_t size) {
    if (size > BULK_SIZE) return __builtin_memset(to, byte, size);
    char *target = to;
    uint64_t word = (uint8_t)byte * UINT64_C(0x0101010101010101);
    for (; size >= 8; target += 8, size -= 8) *(Word *)target = word;
    for (; size; size--) *target++ = (char)byte;
    return to;
}

int memcmp(const void *left, const void *right, size_t size) {
    const unsigned char *a = left, *b = right;
    size_t done = 0;
    if (size >= 8) {
        while (done < size - 8 && *(const Word *)(a + done) == *(const Word *)(b + done)) done += 8;
        /* The last word may overlap the one before. */
        if (done > size - 8) done = size - 8;
        if (*(const Word *)(a + done) == *(const Word *)(b + done)) return 0;
    } else if (size >= 4 && *(const HalfWord *)a == *(const HalfWord *)b &&
               *(const HalfWord *)(a + size - 4) == *(const HalfWord *)(b + size - 4)) {
        return 0;
    }
    for (; done < size; done++)
        if (a[done] != b[done]) return a[done] - b[done];
    return 0;
}

bool equal_bytes(const char *left, const char *right, size_t size) {
    if (size > 16) return !memcmp(left, right, size);
    if (size >= 8)
        return *(const Word *)left == *(const Word *)right &&
               *(const Word *)(left + size - 8) == *(const Word *)(right + size - 8);
    if (size >= 4)
        return *(const HalfWord *)left == *(const HalfWord *)right &&
               *(const HalfWord *)(left + size - 4) == *(const HalfWord *)(right + size - 4);
    return !size || (left[0] == right[0] && left[size / 2] == right[size / 2] &&
                     left[size - 1] == right[size - 1]);
}

size_t strlen(const char *text) {
    const char *end = text;
    while (*end) end++;
    return (size_t)(end - text);
}
