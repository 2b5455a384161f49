/* pystd._sha256: SHA-256 (FIPS 180-4).

   A digest that is not finished is a bytes object with a State, so that it can be copied. */

#include "bytes.h"
#include "tagged.h"

#define BLOCK 64
#define ROUNDS 64

typedef struct State {
    uint32_t words[8];
    uint64_t size; /* bytes so far; the last size % BLOCK of them are in `block` */
    uint8_t block[BLOCK];
} State;

static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, int count) { return word >> count | word << (32 - count); }

static uint32_t read_word(const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return __builtin_bswap32(word);
}

static void add_block(uint32_t words[8], const uint8_t *block) {
    uint32_t schedule[ROUNDS];
    for (int i = 0; i < 16; i++) schedule[i] = read_word(block + 4 * i);
    for (int i = 16; i < ROUNDS; i++) {
        uint32_t a = schedule[i - 15], b = schedule[i - 2];
        schedule[i] = schedule[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + schedule[i - 7] +
                      (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    uint32_t a = words[0], b = words[1], c = words[2], d = words[3];
    uint32_t e = words[4], f = words[5], g = words[6], h = words[7];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) +
                         constants[i] + schedule[i];
        uint32_t second =
            (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + second;
    }
    words[0] += a;
    words[1] += b;
    words[2] += c;
    words[3] += d;
    words[4] += e;
    words[5] += f;
    words[6] += g;
    words[7] += h;
}

static void add(State *state, const uint8_t *data, uint32_t size) {
    uint32_t held = (uint32_t)state->size % BLOCK;
    state->size += size;
    if (held) {
        uint32_t taken = size < BLOCK - held ? size : BLOCK - held;
        memcpy(state->block + held, data, taken);
        if (held + taken < BLOCK) return;
        add_block(state->words, state->block);
        data += taken;
        size -= taken;
    }
    for (; size >= BLOCK; data += BLOCK, size -= BLOCK) add_block(state->words, data);
    memcpy(state->block, data, size);
}

Bytes *native__pystd___sha256__start(void) {
    static const State initial = {
        .words = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                  0x5be0cd19},
    };
    return bytes_new((const char *)&initial, sizeof initial);
}

/* The state after a block of a key, each byte of it combined with `mask`; RFC 2104. */
Bytes *native__pystd___sha256__start_keyed(Bytes *key, Tagged mask) {
    uint8_t block[BLOCK];
    memset(block, (int)tagged_value(mask), BLOCK);
    for (uint32_t i = 0; i < (uint32_t)key->var.size && i < BLOCK; i++)
        block[i] ^= (uint8_t)key->data[i];
    Bytes *state = native__pystd___sha256__start();
    add((State *)state->data, block, BLOCK);
    return state;
}

Bytes *native__pystd___sha256__update(Bytes *state, Bytes *data) {
    Bytes *result = bytes_new(state->data, sizeof(State));
    add((State *)result->data, (const uint8_t *)data->data, (uint32_t)data->var.size);
    return result;
}

Bytes *native__pystd___sha256__finish(Bytes *state) {
    static const uint8_t padding[BLOCK] = {0x80};
    State last;
    memcpy(&last, state->data, sizeof last);
    uint64_t bits = __builtin_bswap64(last.size * 8);
    uint32_t held = (uint32_t)last.size % BLOCK;
    add(&last, padding, (held < BLOCK - 8 ? BLOCK - 8 : 2 * BLOCK - 8) - held);
    add(&last, (const uint8_t *)&bits, sizeof bits);
    Bytes *digest = bytes_reserve(sizeof last.words);
    for (int i = 0; i < 8; i++) ((uint32_t *)digest->data)[i] = __builtin_bswap32(last.words[i]);
    return digest;
}
