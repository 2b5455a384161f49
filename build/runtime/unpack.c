/* Static data as the linker packs it (mixer2/compiler/link/packing.py): LZMA without a header.
 *
 * Source: "LZMA specification" of 2015 in the LZMA SDK, which is in the public domain; the names are its.
 * One literal context takes the upper bits of the byte before; places have no contexts (lp and pb are 0).
 */

#include <stdint.h>

typedef uint16_t Probability;

enum {
    EVEN = 1 << 10,
    LITERAL_CONTEXT_BITS = 3,
    STATES = 12,
    FIRST_STATE_AFTER_MATCH = 7,
    SHORTEST = 2,
    LENGTH_STATES = 4,
    SLOT_BITS = 6,
    FIRST_MODELLED_SLOT = 4,
    FIRST_DIRECT_SLOT = 14,
    MODELLED_DISTANCES = 115,
    ALIGNED_BITS = 4,
    LITERAL_SIZE = 0x300,
};

typedef struct {
    Probability choice[2], low[1 << 3], middle[1 << 3], high[1 << 8];
} Length;

typedef struct {
    Probability is_match[STATES], is_repeated[STATES], is_not_last[STATES], is_long[STATES];
    Probability is_second[STATES], is_third[STATES];
    Length length, length_repeated;
    Probability slot[LENGTH_STATES][1 << SLOT_BITS];
    Probability distance[MODELLED_DISTANCES], aligned[1 << ALIGNED_BITS];
    Probability literal[LITERAL_SIZE << LITERAL_CONTEXT_BITS];
} Model;

typedef struct {
    const uint8_t *from;
    uint32_t range, code;
} Input;

/* What most bits go through is inline. */
#define INLINE static inline __attribute__((always_inline))

INLINE void normalise(Input *input) {
    if (input->range >> 24) return;
    input->range <<= 8;
    input->code = input->code << 8 | *input->from++;
}

INLINE uint32_t quick_bit(Input *input, Probability *probability) {
    normalise(input);
    uint32_t bound = (input->range >> 11) * *probability;
    if (input->code < bound) {
        input->range = bound;
        *probability += (2 * EVEN - *probability) >> 5;
        return 0;
    }
    input->range -= bound;
    input->code -= bound;
    *probability -= *probability >> 5;
    return 1;
}

static uint32_t bit(Input *input, Probability *probability) { return quick_bit(input, probability); }

static uint32_t even_bit(Input *input) {
    normalise(input);
    input->range >>= 1;
    uint32_t is_set = input->code >= input->range;
    if (is_set) input->code -= input->range;
    return is_set;
}

static uint32_t tree(Input *input, Probability *probabilities, uint32_t bits) {
    uint32_t node = 1;
    for (uint32_t i = 0; i < bits; i++) node = node << 1 | quick_bit(input, &probabilities[node]);
    return node - (1 << bits);
}

static uint32_t reversed(Input *input, Probability *probabilities, uint32_t bits) {
    uint32_t node = 1, value = 0;
    for (uint32_t i = 0; i < bits; i++) {
        uint32_t is_set = bit(input, &probabilities[node]);
        node = node << 1 | is_set;
        value |= is_set << i;
    }
    return value;
}

static uint32_t length(Input *input, Length *model) {
    if (!bit(input, &model->choice[0])) return tree(input, model->low, 3);
    if (!bit(input, &model->choice[1])) return 8 + tree(input, model->middle, 3);
    return 16 + tree(input, model->high, 8);
}

static uint32_t distance(Input *input, Model *model, uint32_t length_state) {
    uint32_t slot = tree(input, model->slot[length_state], SLOT_BITS);
    if (slot < FIRST_MODELLED_SLOT) return slot;
    uint32_t bits = (slot >> 1) - 1;
    uint32_t found = (2 | (slot & 1)) << bits;
    if (slot < FIRST_DIRECT_SLOT) return found + reversed(input, &model->distance[found - slot], bits);
    uint32_t direct = 0;
    for (bits -= ALIGNED_BITS; bits; bits--) direct = direct << 1 | even_bit(input);
    return found + (direct << ALIGNED_BITS) + reversed(input, model->aligned, ALIGNED_BITS);
}

/* `expected` is the byte that the last distance leads to, where a repetition has just ended. */
static uint8_t literal(Input *input, Probability *probabilities, const uint8_t *expected) {
    uint32_t node = 1;
    if (expected) {
        for (uint32_t likely = *expected; node < 0x100;) {
            uint32_t likely_bit = likely >> 7 & 1;
            likely <<= 1;
            uint32_t is_set = quick_bit(input, &probabilities[((1 + likely_bit) << 8) + node]);
            node = node << 1 | is_set;
            if (is_set != likely_bit) break;
        }
    }
    while (node < 0x100) node = node << 1 | quick_bit(input, &probabilities[node]);
    return (uint8_t)node;
}

void unpack(const uint8_t *from, uint8_t *to, const uint8_t *end) {
    Model model;
    for (uint32_t i = 0; i < sizeof model / sizeof(Probability); i++) ((Probability *)&model)[i] = EVEN;
    /* The first byte is always zero. */
    uint32_t code = (uint32_t)from[1] << 24 | from[2] << 16 | from[3] << 8 | from[4];
    Input input = {from + 5, UINT32_MAX, code};
    uint32_t state = 0, last = 0, second = 0, third = 0, fourth = 0;
    const uint8_t *start = to;
    while (to < end) {
        uint32_t follows_literal = state < FIRST_STATE_AFTER_MATCH;
        if (!bit(&input, &model.is_match[state])) {
            uint32_t before = to > start ? to[-1] >> (8 - LITERAL_CONTEXT_BITS) : 0;
            const uint8_t *expected = follows_literal ? (const uint8_t *)0 : to - last - 1;
            *to++ = literal(&input, &model.literal[before * LITERAL_SIZE], expected);
            state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
            continue;
        }
        uint32_t size;
        if (!bit(&input, &model.is_repeated[state])) {
            fourth = third;
            third = second;
            second = last;
            size = length(&input, &model.length);
            last = distance(&input, &model, size < LENGTH_STATES ? size : LENGTH_STATES - 1);
            size += SHORTEST;
            state = follows_literal ? 7 : 10;
        } else {
            size = 0;
            if (!bit(&input, &model.is_not_last[state])) {
                size = !bit(&input, &model.is_long[state]);
            } else if (!bit(&input, &model.is_second[state])) {
                uint32_t found = second;
                second = last;
                last = found;
            } else {
                uint32_t found = third;
                if (bit(&input, &model.is_third[state])) {
                    found = fourth;
                    fourth = third;
                }
                third = second;
                second = last;
                last = found;
            }
            state = size ? (follows_literal ? 9 : 11) : follows_literal ? 8 : 11;
            if (!size) size = length(&input, &model.length_repeated) + SHORTEST;
        }
        for (const uint8_t *place = to - last - 1; size && to < end; size--) *to++ = *place++;
    }
}
