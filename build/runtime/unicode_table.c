/* Reading the Unicode tables. */

#include "unicode_table.h"

#include "utf8.h"

typedef struct Cursor {
    const uint8_t *at;
    uint32_t position;
} Cursor;

static uint32_t read_number(Cursor *cursor) {
    uint32_t value = 0, shift = 0;
    uint8_t byte;
    do {
        byte = *cursor->at++;
        value |= (byte & 0x7fu) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

/* At the last checkpoint that is not behind `code_point`. */
static Cursor cursor_near(const UnicodeTable *table, uint32_t code_point) {
    uint32_t low = 0, high = table->checkpoint_count;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (table->checkpoints[middle].position <= code_point)
            low = middle;
        else
            high = middle;
    }
    const Checkpoint *checkpoint = &table->checkpoints[low];
    return (Cursor){table->stream + checkpoint->offset, checkpoint->position};
}

int64_t unicode_place(const UnicodeTable *set, uint32_t code_point) {
    Cursor cursor = cursor_near(set, code_point);
    const uint8_t *end = set->stream + set->stream_size;
    while (cursor.at < end) {
        cursor.position += read_number(&cursor);
        if (code_point < cursor.position) return -1;
        uint32_t first = cursor.position;
        cursor.position += read_number(&cursor);
        if (code_point < cursor.position) return code_point - first;
    }
    return -1;
}

bool unicode_is(const UnicodeTable *set, uint32_t code_point) {
    return unicode_place(set, code_point) >= 0;
}

/* Code points `first` to `last`, `stride` apart, and how far their counterparts are. */
typedef struct Run {
    uint32_t first;
    uint32_t last;
    uint32_t stride;
    uint32_t distance; /* modulo 2 ** 32 */
} Run;

static Run read_run(Cursor *cursor) {
    Run run;
    run.first = cursor->position + read_number(cursor);
    uint32_t size = read_number(cursor);
    uint32_t distance = read_number(cursor);
    run.stride = 1 + (size & 1);
    run.last = run.first + (size >> 1) * run.stride;
    run.distance = (distance >> 1) ^ -(distance & 1);
    cursor->position = run.last + 1;
    return run;
}

static bool run_holds(const Run *run, uint32_t code_point) {
    return code_point >= run->first && code_point <= run->last &&
           (code_point - run->first) % run->stride == 0;
}

uint32_t unicode_map(const UnicodeTable *mapping, uint32_t code_point) {
    Cursor cursor = cursor_near(mapping, code_point);
    const uint8_t *end = mapping->stream + mapping->stream_size;
    while (cursor.at < end && cursor.position <= code_point) {
        Run run = read_run(&cursor);
        if (run_holds(&run, code_point)) return code_point + run.distance;
    }
    return code_point;
}

uint32_t unicode_mapped_to(const UnicodeTable *mapping, uint32_t code_point, uint32_t skip) {
    Cursor cursor = {mapping->stream, 0};
    const uint8_t *end = mapping->stream + mapping->stream_size;
    while (cursor.at < end) {
        Run run = read_run(&cursor);
        uint32_t other = code_point - run.distance;
        if (run_holds(&run, other) && !skip--) return other;
    }
    return 0;
}

bool unicode_is_mapped_to(const UnicodeTable *mapping, uint32_t code_point) {
    return unicode_mapped_to(mapping, code_point, 0) != 0;
}

const char *unicode_expand(const uint8_t *expansions, uint32_t code_point, uint32_t *size) {
    for (const char *at = (const char *)expansions; *at;) {
        uint32_t candidate = utf8_next(&at);
        *size = (uint8_t)*at++;
        if (candidate == code_point) return at;
        if (candidate > code_point) return NULL;
        at += *size;
    }
    return NULL;
}

bool unicode_is_space(uint32_t code_point) {
    switch (code_point) {
    case 0x20: case 0x85: case 0xa0: case 0x1680: case 0x2028: case 0x2029: case 0x202f:
    case 0x205f: case 0x3000:
        return true;
    default:
        return (code_point >= 0x09 && code_point <= 0x0d) ||
               (code_point >= 0x1c && code_point <= 0x1f) ||
               (code_point >= 0x2000 && code_point <= 0x200a);
    }
}

bool unicode_is_line_break(uint32_t code_point) {
    return (code_point >= 0x0a && code_point <= 0x0d) ||
           (code_point >= 0x1c && code_point <= 0x1e) || code_point == 0x85 ||
           code_point == 0x2028 || code_point == 0x2029;
}
