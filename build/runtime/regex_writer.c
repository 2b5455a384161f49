/* Writing the program of a regular expression: regex_writer.h. */

#include "regex_writer.h"

/* Words and states of a program; with them its memory is bounded, for any text. */
#define MOST_WORDS 30000u
#define MOST_STATES 200000u
#define FIRST_CAPACITY 32u

void regex_emit(Writer *writer, uint32_t word) {
    if (writer->size == MOST_WORDS) writer->is_too_large = true;
    if (writer->is_too_large) return;
    uint32_t size = writer->size++;
    if (!(size & (size - 1)) && (!size || size >= FIRST_CAPACITY)) {
        uint32_t capacity = size ? 2 * size : FIRST_CAPACITY;
        writer->words = mixer2_realloc(writer->words, capacity * sizeof(uint32_t));
    }
    writer->words[size] = word;
}

void regex_emit_pair(Writer *writer, RegexOp op, uint32_t operand) {
    regex_emit(writer, op);
    regex_emit(writer, operand);
}

static void set(Writer *writer, uint32_t place, uint32_t word) {
    if (!writer->is_too_large) writer->words[place] = word;
}

void regex_add_range(Writer *writer, uint32_t place, uint32_t first, uint32_t last) {
    regex_emit(writer, first);
    regex_emit(writer, last);
    if (!writer->is_too_large) writer->words[place + 3]++;
}

/* A part that was taken back. */
typedef struct Taken {
    uint32_t *words;
    uint32_t size;
    uint32_t start; /* where it was */
} Taken;

static Taken take(Writer *writer, uint32_t start) {
    Taken taken = {NULL, writer->is_too_large ? 0 : writer->size - start, start};
    taken.words = mixer2_alloc((taken.size + 1) * sizeof(uint32_t));
    if (taken.size) memcpy(taken.words, writer->words + start, taken.size * sizeof(uint32_t));
    writer->size -= taken.size;
    return taken;
}

static uint32_t width_of(const uint32_t *code) {
    switch ((RegexOp)*code) {
        case OP_MATCH: return 1;
        case OP_SPLIT: return 3;
        case OP_REPEAT: return 5;
        case OP_CHAR:
        case OP_SET: return regex_width(code);
        default: return 2;
    }
}

/* Writes a part, which is `deeper` loops farther in than it was. */
static void put(Writer *writer, const Taken *part, uint32_t deeper) {
    uint32_t moved = writer->size - part->start, start = writer->size;
    for (uint32_t i = 0; i < part->size; i++) regex_emit(writer, part->words[i]);
    if (writer->is_too_large) return;
    for (uint32_t *code = writer->words + start, *end = code + part->size; code < end;
         code += width_of(code)) {
        if (*code == OP_REPEAT || *code == OP_ENTER) code[1] += deeper;
        if (*code == OP_JUMP || *code == OP_SPLIT) code[1] += moved;
        if (*code == OP_SPLIT || *code == OP_REPEAT) code[2] += moved;
        if (*code == OP_REPEAT) code[3] += moved;
    }
}

/* A split that goes on behind it first (lazy: last). Returns where its other target is written. */
static uint32_t emit_split(Writer *writer, bool is_lazy) {
    uint32_t place = writer->size, behind = place + 3;
    regex_emit(writer, OP_SPLIT);
    regex_emit(writer, behind);
    regex_emit(writer, behind);
    return place + (is_lazy ? 1 : 2);
}

static void emit_repeat(Writer *writer, uint32_t body, uint32_t tail, bool is_lazy) {
    regex_emit_pair(writer, OP_REPEAT, 1);
    regex_emit(writer, body);
    regex_emit(writer, tail);
    regex_emit(writer, is_lazy);
}

/* In a list of jumps each target is the place of the one before, until they land. */
static uint32_t chain(Writer *writer, uint32_t jumps, uint32_t target) {
    set(writer, target, jumps);
    return target;
}

void regex_land(Writer *writer, uint32_t jumps) {
    while (jumps != NO_JUMP && !writer->is_too_large) {
        uint32_t before = writer->words[jumps];
        writer->words[jumps] = writer->size;
        jumps = before;
    }
}

uint32_t regex_end_alternative(Writer *writer, uint32_t start, uint32_t jumps) {
    Taken part = take(writer, start);
    uint32_t other = emit_split(writer, false);
    put(writer, &part, 0);
    mixer2_free(part.words);
    regex_emit_pair(writer, OP_JUMP, 0);
    set(writer, other, writer->size);
    return chain(writer, jumps, writer->size - 1);
}

static void loop(Writer *writer, const Taken *body, bool is_lazy, bool can_be_empty) {
    uint32_t split = writer->size, other = emit_split(writer, is_lazy), enter = writer->size;
    if (can_be_empty) regex_emit_pair(writer, OP_ENTER, 1);
    put(writer, body, can_be_empty);
    if (can_be_empty)
        emit_repeat(writer, enter, writer->size + 5, is_lazy);
    else
        regex_emit_pair(writer, OP_JUMP, split);
    set(writer, other, writer->size);
}

static void options(Writer *writer, const Taken *body, uint32_t count, bool is_lazy,
                    bool can_be_empty) {
    uint32_t ends = NO_JUMP;
    for (uint32_t i = 0; i < count && !writer->is_too_large; i++) {
        if (!i || !can_be_empty) ends = chain(writer, ends, emit_split(writer, is_lazy));
        if (can_be_empty) regex_emit_pair(writer, OP_ENTER, 1);
        put(writer, body, can_be_empty);
        if (!can_be_empty || i + 1 == count) continue;
        emit_repeat(writer, writer->size + 5, 0, is_lazy);
        ends = chain(writer, ends, writer->size - 2);
    }
    regex_land(writer, ends);
}

void regex_repeat(Writer *writer, uint32_t start, uint32_t least, uint32_t most, bool is_lazy,
                  bool can_be_empty) {
    Taken body = take(writer, start);
    for (uint32_t i = 0; i < least && body.size; i++) put(writer, &body, 0);
    if (most == UNLIMITED)
        loop(writer, &body, is_lazy, can_be_empty);
    else
        options(writer, &body, most - least, is_lazy, can_be_empty);
    mixer2_free(body.words);
}

static bool is_letter(uint32_t c) { return (c | 0x20) - 'a' < 26; }

/* Whether an instruction may take an ASCII character; one without regard to case is not asked. */
static bool may_take(const uint32_t *code, uint32_t c) {
    if (*code == OP_CHAR && code[2] != FOLD_NONE)
        return code[1] == c || code[1] == (c | 0x20) || code[1] >= 0x80;
    if (*code == OP_SET && code[2] != FOLD_NONE && code[3] && is_letter(c)) return true;
    return regex_accepts(code, c);
}

/* Fills REGEX_FIRST with the bytes that a match can start with; false: it can be empty. */
static bool find_first(const Writer *writer, uint32_t *first) {
    uint32_t *pending = mixer2_alloc((2 * writer->size + 1) * sizeof(uint32_t)), *top = pending;
    uint8_t *is_seen = mixer2_alloc(writer->size);
    memset(is_seen, 0, writer->size);
    bool is_known = true;
    *top++ = 0;
    while (top > pending) {
        uint32_t place = *--top;
        const uint32_t *code = writer->words + place;
        if (is_seen[place]) continue;
        is_seen[place] = true;
        switch ((RegexOp)*code) {
            case OP_MATCH:
                is_known = false;
                break;
            case OP_JUMP:
                *top++ = code[1];
                break;
            case OP_SPLIT:
            case OP_REPEAT: {
                uint32_t target = *code == OP_SPLIT ? 1 : 2;
                *top++ = code[target];
                *top++ = code[target + 1];
                break;
            }
            case OP_CHAR:
            case OP_ANY:
            case OP_SET:
                /* Beyond ASCII, a byte is a character or a part of one. */
                for (uint32_t byte = 0; byte < 0x100; byte++)
                    if (byte >= 0x80 ? *code != OP_CHAR || code[1] >= 0x80 || code[2] != FOLD_NONE
                                     : may_take(code, byte))
                        first[byte >> 5] |= 1u << (byte & 31);
                break;
            default:
                *top++ = place + 2;
        }
    }
    mixer2_free(is_seen);
    mixer2_free(pending);
    return is_known;
}

static uint32_t larger(uint32_t left, uint32_t right) { return left > right ? left : right; }

Bytes *regex_finish(Writer *writer, uint32_t groups, uint32_t flags) {
    uint32_t slots = 2 * (groups + 1) + 1, depth = 0, waiting = 0, size = writer->size;
    Bytes *program = NULL;
    for (uint32_t i = 0; i < size && !writer->is_too_large; i += width_of(writer->words + i)) {
        RegexOp op = (RegexOp)writer->words[i];
        if (op == OP_ENTER) depth = larger(depth, writer->words[i + 1]);
        if (op == OP_MATCH || op == OP_CHAR || op == OP_ANY || op == OP_SET) waiting++;
    }
    uint32_t threads = waiting * (depth + 1);
    if (!writer->is_too_large && larger(size * (depth + 1), threads * slots) <= MOST_STATES) {
        program = bytes_reserve((REGEX_HEADER + size) * sizeof(uint32_t));
        uint32_t *header = (uint32_t *)program->data;
        memset(header, 0, REGEX_HEADER * sizeof(uint32_t));
        header[REGEX_SLOTS] = slots;
        header[REGEX_DEPTH] = depth;
        header[REGEX_THREADS] = threads;
        header[REGEX_FLAGS] = flags;
        if (find_first(writer, header + REGEX_FIRST)) header[REGEX_FLAGS] |= REGEX_STARTS;
        memcpy(header + REGEX_HEADER, writer->words, size * sizeof(uint32_t));
    }
    mixer2_free(writer->words);
    return program;
}
