/* adapters.wire.deflate: DEFLATE, read (RFC 1951).

   The size of the result is known before (gzip says it), so that a few bytes cannot become many. */

#include "bytes.h"
#include "errors.h"
#include "tagged.h"

#define MOST_BITS 15
#define LITERALS 288
#define DISTANCES 30
#define END_OF_BLOCK 256
#define LENGTH_CODES 19

/* Codes of up to so many bits are found by one look into a table. */
#define FAST_BITS 9

typedef struct Input {
    const uint8_t *at;
    const uint8_t *end;
    uint64_t bits; /* read from `at` and not used yet, the next one lowest */
    int count;     /* how many these are */
    bool ended;    /* more bits were taken than there are */
} Input;

typedef struct Code {
    uint16_t of_length[MOST_BITS + 1]; /* how many codes have that length */
    uint16_t symbols[LITERALS];        /* in the order of their codes */
    uint16_t fast[1 << FAST_BITS];     /* symbol << 4 | length; 0 where the code is longer */
} Code;

static void refill(Input *input) {
    while (input->count <= 56 && input->at < input->end) {
        input->bits |= (uint64_t)*input->at++ << input->count;
        input->count += 8;
    }
}

static uint32_t take(Input *input, int count) {
    if (input->count < count) {
        refill(input);
        if (input->count < count) {
            input->ended = true;
            return 0;
        }
    }
    uint32_t bits = (uint32_t)(input->bits & ((UINT64_C(1) << count) - 1));
    input->bits >>= count;
    input->count -= count;
    return bits;
}

/* False for lengths that are more codes than there can be, or fewer: only no code at all is fine, and a
   single one of one bit where `may_be_lone`, as zlib has it. */
static bool make_code(Code *code, const uint8_t *lengths, int count, bool may_be_lone) {
    uint16_t next[MOST_BITS + 1], first_code[MOST_BITS + 1];
    memset(code, 0, sizeof *code);
    for (int i = 0; i < count; i++) code->of_length[lengths[i]]++;
    code->of_length[0] = 0;
    int left = 1, longest = 0;
    uint32_t first = 0;
    next[0] = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
        left = 2 * left - code->of_length[length];
        if (left < 0) return false;
        if (code->of_length[length]) longest = length;
        first = (first + code->of_length[length - 1]) << 1;
        first_code[length] = (uint16_t)first;
        next[length] = length == 1 ? 0 : (uint16_t)(next[length - 1] + code->of_length[length - 1]);
    }
    if (left > 0 && longest && !(may_be_lone && longest == 1)) return false;
    uint16_t place[MOST_BITS + 1];
    memcpy(place, next, sizeof place);
    for (int symbol = 0; symbol < count; symbol++) {
        int length = lengths[symbol];
        if (!length) continue;
        uint32_t bits = first_code[length] + (uint32_t)(place[length] - next[length]);
        code->symbols[place[length]++] = (uint16_t)symbol;
        if (length > FAST_BITS) continue;
        /* The stream has a code's highest bit first. */
        uint32_t reversed = 0;
        for (int bit = 0; bit < length; bit++) reversed |= (bits >> bit & 1) << (length - 1 - bit);
        for (; reversed < 1u << FAST_BITS; reversed += 1u << length)
            code->fast[reversed] = (uint16_t)(symbol << 4 | length);
    }
    return true;
}

/* -1 when the bits are no code, or end. */
static int read_symbol(Input *input, const Code *code) {
    if (input->count < MOST_BITS) refill(input);
    uint32_t found = code->fast[input->bits & ((1u << FAST_BITS) - 1)];
    if (found && (int)(found & 15) <= input->count) {
        input->bits >>= found & 15;
        input->count -= found & 15;
        return (int)(found >> 4);
    }
    int32_t bits = 0, first = 0, place = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
        bits |= (int32_t)take(input, 1);
        if (input->ended) return -1;
        int32_t count = code->of_length[length];
        if (bits - first < count) return code->symbols[place + bits - first];
        place += count;
        first = (first + count) << 1;
        bits <<= 1;
    }
    return -1;
}

static bool read_stored(Input *input, char **to, char *to_end) {
    take(input, input->count & 7);
    uint32_t size = take(input, 16);
    if ((take(input, 16) ^ 0xffff) != size || input->ended) return false;
    if (size > (uint32_t)(to_end - *to)) return false;
    for (; size && input->count; size--) *(*to)++ = (char)take(input, 8);
    if (size > (uint32_t)(input->end - input->at)) return false;
    memcpy(*to, input->at, size);
    *to += size;
    input->at += size;
    return true;
}

static bool read_codes(Input *input, Code *literals, Code *distances) {
    static const uint8_t order[LENGTH_CODES] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[LITERALS + 32] = {0};
    int literal_count = 257 + (int)take(input, 5), distance_count = 1 + (int)take(input, 5);
    int known = 4 + (int)take(input, 4), at = 0;
    if (literal_count > 286 || distance_count > DISTANCES) return false;
    for (int i = 0; i < known; i++) lengths[order[i]] = (uint8_t)take(input, 3);
    if (input->ended || !make_code(literals, lengths, LENGTH_CODES, false)) return false;
    memset(lengths, 0, sizeof lengths);
    while (at < literal_count + distance_count) {
        int symbol = read_symbol(input, literals), repeat = 1;
        uint8_t length = (uint8_t)symbol;
        if (symbol < 0) return false;
        if (symbol >= 16) {
            length = 0;
            if (symbol == 16) {
                if (!at) return false;
                length = lengths[at - 1];
            }
            repeat = symbol == 16   ? 3 + (int)take(input, 2)
                     : symbol == 17 ? 3 + (int)take(input, 3)
                                    : 11 + (int)take(input, 7);
        }
        if (input->ended || at + repeat > literal_count + distance_count) return false;
        while (repeat--) lengths[at++] = length;
    }
    return lengths[END_OF_BLOCK] && make_code(literals, lengths, literal_count, true) &&
           make_code(distances, lengths + literal_count, distance_count, true);
}

static bool fixed_codes(Code *literals, Code *distances) {
    uint8_t lengths[LITERALS];
    for (int i = 0; i < LITERALS; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    make_code(literals, lengths, LITERALS, false);
    /* Two of them are never used (RFC 1951, section 3.2.6). */
    memset(lengths, 5, DISTANCES + 2);
    return make_code(distances, lengths, DISTANCES + 2, false);
}

static bool read_compressed(Input *input, const Code *literals, const Code *distances, char *start,
                            char **to, char *to_end) {
    static const uint8_t length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                           31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint16_t distance_base[] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    for (;;) {
        int symbol = read_symbol(input, literals);
        if (symbol < 0) return false;
        if (symbol < END_OF_BLOCK) {
            if (*to == to_end) return false;
            *(*to)++ = (char)symbol;
            continue;
        }
        if (symbol == END_OF_BLOCK) return true;
        symbol -= END_OF_BLOCK + 1;
        if (symbol >= 29) return false;
        int64_t length = length_base[symbol] + take(input, length_bits[symbol]);
        symbol = read_symbol(input, distances);
        if (symbol < 0 || symbol >= DISTANCES) return false;
        int64_t distance = distance_base[symbol] + take(input, symbol < 2 ? 0 : (symbol >> 1) - 1);
        if (input->ended || distance > *to - start || length > to_end - *to) return false;
        /* What is copied may be what this copy writes. */
        for (const char *from = *to - distance; length; length--) *(*to)++ = *from++;
    }
}

static bool inflate(Input *input, char *start, char *to_end) {
    Code literals, distances;
    char *to = start;
    for (bool last = false; !last;) {
        last = take(input, 1);
        uint32_t kind = take(input, 2);
        if (input->ended || kind == 3) return false;
        if (kind == 0) {
            if (!read_stored(input, &to, to_end)) return false;
            continue;
        }
        if (!(kind == 1 ? fixed_codes(&literals, &distances)
                        : read_codes(input, &literals, &distances)))
            return false;
        if (!read_compressed(input, &literals, &distances, start, &to, to_end)) return false;
    }
    return to == to_end && input->at == input->end && input->count < 8;
}

Bytes *native__adapters__wire__deflate__inflate(Bytes *data, Tagged start, Tagged end, Tagged size) {
    int64_t from = tagged_value(start), until = tagged_value(end), wanted = tagged_value(size);
    if (from >= 0 && from <= until && until <= data->var.size && wanted >= 0) {
        const uint8_t *bytes = (const uint8_t *)data->data;
        Input input = {bytes + from, bytes + until, 0, 0, false};
        Bytes *result = bytes_reserve(wanted);
        if (inflate(&input, result->data, result->data + wanted)) return result;
        DECREF(result);
    }
    raise_standard_error(&Exc_ValueError_Type, "not a DEFLATE stream of that size");
    return NULL;
}
