/* pal.json_check for compiled plugins: where JSON values end, and whether they are JSON. */

#include "bytes.h"
#include "hex_digit.h"
#include "tagged.h"

/* pal.json_check.DEPTH */
#define DEPTH 100

/* The order of pal.json_scan.REASONS. */
typedef enum Reason {
    NO_VALUE,
    NO_STRING_END,
    CONTROL_CHARACTER,
    NO_HEXADECIMAL,
    UNKNOWN_ESCAPE,
    NO_DIGIT,
    NO_NAME,
    NO_COLON,
    NO_SEPARATOR,
    TOO_DEEP,
} Reason;
#define REASONS 16

#define END (-1)

#define NUMBER 1 /* pal.json_scan.NUMBER */

typedef struct Check {
    const uint8_t *data;
    uint32_t size;
    uint32_t at;
    uint32_t depth;
    Reason reason; /* of the first function that returned false */
} Check;

/* Small, and called everywhere: inlined they are half of the code. */
#define STEP __attribute__((noinline)) static

STEP int32_t peek(const Check *check) {
    return check->at < check->size ? check->data[check->at] : END;
}

STEP bool fail(Check *check, Reason reason) {
    check->reason = reason;
    return false;
}

STEP bool skip(Check *check, int32_t byte) {
    if (peek(check) != byte) return false;
    check->at++;
    return true;
}

static bool is_space(int32_t byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

STEP void skip_space(Check *check) {
    while (is_space(peek(check))) check->at++;
}

static bool is_digit(int32_t byte) { return (uint32_t)byte - '0' < 10; }

/* Behind a backslash; what is wrong is wrong at the letter. */
static bool skip_escape(Check *check) {
    uint32_t letter = check->at;
    for (const char *simple = "\"\\/bfnrt"; *simple; simple++)
        if (skip(check, *simple)) return true;
    if (!skip(check, 'u')) return fail(check, UNKNOWN_ESCAPE);
    for (int i = 0; i < 4; i++, check->at++) {
        if (hex_digit_value((char)peek(check)) >= 0) continue;
        check->at = letter;
        return fail(check, NO_HEXADECIMAL);
    }
    return true;
}

static bool skip_string(Check *check) {
    check->at++;
    while (!skip(check, '"')) {
        int32_t byte = peek(check);
        if (byte == END) return fail(check, NO_STRING_END);
        if (byte < ' ') return fail(check, CONTROL_CHARACTER);
        check->at++;
        if (byte == '\\' && !skip_escape(check)) return false;
    }
    return true;
}

static bool skip_digits(Check *check) {
    if (!is_digit(peek(check))) return fail(check, NO_DIGIT);
    while (is_digit(peek(check))) check->at++;
    return true;
}

static bool skip_number(Check *check) {
    skip(check, '-');
    if (!skip(check, '0') && !skip_digits(check)) return false;
    if (skip(check, '.') && !skip_digits(check)) return false;
    if (!skip(check, 'e') && !skip(check, 'E')) return true;
    if (!skip(check, '+')) skip(check, '-');
    return skip_digits(check);
}

static bool skip_word(Check *check, const char *word) {
    uint32_t size = (uint32_t)strlen(word);
    if (size > check->size - check->at || memcmp(check->data + check->at, word, size)) return false;
    check->at += size;
    return true;
}

static bool skip_value(Check *check);

static bool skip_name(Check *check) {
    if (peek(check) != '"') return fail(check, NO_NAME);
    if (!skip_string(check)) return false;
    skip_space(check);
    if (!skip(check, ':')) return fail(check, NO_COLON);
    skip_space(check);
    return true;
}

/* A list or an object. */
static bool skip_members(Check *check, bool is_object) {
    int32_t closing = is_object ? '}' : ']';
    if (check->depth == DEPTH) return fail(check, TOO_DEEP);
    check->depth++;
    check->at++;
    skip_space(check);
    bool is_over = skip(check, closing);
    while (!is_over) {
        if (is_object && !skip_name(check)) return false;
        if (!skip_value(check)) return false;
        skip_space(check);
        is_over = skip(check, closing);
        if (!is_over && !skip(check, ',')) return fail(check, NO_SEPARATOR);
        if (!is_over) skip_space(check);
    }
    check->depth--;
    return true;
}

static bool skip_value(Check *check) {
    int32_t first = peek(check);
    if (first == '"') return skip_string(check);
    if (first == '{' || first == '[') return skip_members(check, first == '{');
    if (first == '-' || is_digit(first)) return skip_number(check);
    if (skip_word(check, "true") || skip_word(check, "false") || skip_word(check, "null"))
        return true;
    return fail(check, NO_VALUE);
}

static Check check_from(const Bytes *data, Tagged start) {
    return (Check){.data = (const uint8_t *)data->data,
                   .size = (uint32_t)data->var.size,
                   .at = (uint32_t)tagged_value(start)};
}

Tagged native__pal__json_check__end(Bytes *data, Tagged start) {
    Check check = check_from(data, start);
    if (skip_value(&check)) return tagged_from(check.at);
    return tagged_from(-1 - (int64_t)check.at * REASONS - check.reason);
}

Tagged native__pal__json_check__kind(Bytes *data, Tagged start) {
    static const char starts[] = "\"-tfn[{"; /* in the order of pal.json_scan's numbers */
    Check check = check_from(data, start);
    for (int kind = 0; starts[kind]; kind++)
        if (peek(&check) == starts[kind]) return tagged_from(kind);
    return tagged_from(NUMBER);
}

char native__pal__json_check__is_fractional(Bytes *data, Tagged start) {
    Check check = check_from(data, start);
    skip(&check, '-');
    while (is_digit(peek(&check))) check.at++;
    return peek(&check) == '.' || (peek(&check) | 0x20) == 'e';
}

Tagged native__pal__json_check__behind_space(Bytes *data, Tagged start) {
    Check check = check_from(data, start);
    skip_space(&check);
    return tagged_from(check.at);
}
