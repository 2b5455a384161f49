/* int: to and from text. */

#include "bytes.h"
#include "errors.h"
#include "int.h"
#include "memory.h"
#include "number_text.h"
#include "str.h"

char *int_digits(char *end, uint64_t value, uint32_t base) {
    do {
        /* 32-bit division is several times as fast. */
        uint32_t digit;
        if (value >> 32) {
            digit = (uint32_t)(value % base);
            value /= base;
        } else {
            digit = (uint32_t)value % base;
            value = (uint32_t)value / base;
        }
        *--end = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    } while (value);
    return end;
}

__attribute__((noinline)) char *int_decimal(char *end, int64_t value) {
    char *start = int_digits(end, int_magnitude(value), 10);
    if (value < 0) *--start = '-';
    return start;
}

static Str *decimal_text(int64_t value) {
    char text[INT_DECIMAL_MAX];
    char *end = text + sizeof text;
    char *start = int_decimal(end, value);
    return str_new_ascii(start, end - start);
}

/* The texts of small numbers, such as statuses, are kept once they were made; blocks of the run-time's own. */
#define KEPT_TEXTS 600
static Str *kept[KEPT_TEXTS];

static Str *kept_text(Str **place, int64_t value) {
    if (!*place) {
        *place = decimal_text(value);
        blocks_in_use--;
    }
    INCREF(*place);
    return *place;
}

Str *CPyTagged_Str(Tagged value) {
    int64_t number = tagged_value(value);
    return (uint64_t)number < KEPT_TEXTS ? kept_text(&kept[number], number) : decimal_text(number);
}

Bytes *CPyTagged_AsciiBytes(Tagged value) {
    char text[INT_DECIMAL_MAX];
    char *end = text + sizeof text;
    char *start = int_decimal(end, tagged_value(value));
    return bytes_new(start, end - start);
}

Object *int_repr(Object *self) { return (Object *)decimal_text(int_value(self)); }

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

/* 36 and more for what is no digit in any base. */
static uint32_t digit_value(char c) {
    if (c >= '0' && c <= '9') return (uint32_t)(c - '0');
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? (uint32_t)(lower - 'a') + 10 : 99;
}

/* The base that 0x, 0o and 0b stand for, or 0. */
static uint32_t base_of_prefix(const char *text, const char *end) {
    if (end - text < 2 || text[0] != '0') return 0;
    switch (text[1] | 0x20) {
        case 'x': return 16;
        case 'o': return 8;
        case 'b': return 2;
        default: return 0;
    }
}

/* Digits with single underscores between them, to the end. */
static IntSyntax parse_digits(const char *text, const char *end, uint32_t base, bool negative,
                              int64_t *value) {
    uint64_t limit = (uint64_t)TAGGED_MAX + negative;
    uint64_t magnitude = 0;
    bool overflow = false;
    for (bool first = true; text < end || first; first = false) {
        if (!first && *text == '_') text++;
        uint32_t digit = text < end ? digit_value(*text++) : 99;
        if (digit >= base) return INT_INVALID;
        overflow = overflow || magnitude > (limit - digit) / base;
        magnitude = magnitude * base + digit;
    }
    *value = negative ? (int64_t)-magnitude : (int64_t)magnitude;
    return overflow ? INT_OVERFLOW : INT_VALID;
}

static bool all_zero(const char *text, const char *end) {
    for (; text < end; text++) {
        if (*text != '0' && *text != '_') return false;
    }
    return true;
}

IntSyntax int_parse(const char *text, int64_t size, uint32_t base, int64_t *value) {
    const char *end = text + size;
    while (text < end && is_space(*text)) text++;
    while (end > text && is_space(end[-1])) end--;
    bool negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+')) text++;
    uint32_t prefix = base_of_prefix(text, end);
    if (prefix && (base == 0 || base == prefix)) {
        base = prefix;
        text += 2;
        if (text < end && *text == '_') text++;
    } else if (base == 0) {
        base = 10;
        /* Not octal as it was in Python 2: refused. */
        if (text < end && *text == '0' && !all_zero(text, end)) return INT_INVALID;
    }
    return parse_digits(text, end, base, negative, value);
}

/* A new int, or NULL with the error that CPython raises; `source` is for its message. */
static Object *parse(Object *source, const char *text, int64_t size, int64_t base,
                     Object *(*repr)(Object *)) {
    if (base != 0 && (base < 2 || base > 36)) {
        raise_standard_error(&Exc_ValueError_Type, "int() base must be >= 2 and <= 36, or 0");
        return NULL;
    }
    int64_t value;
    IntSyntax syntax = int_parse(text, size, (uint32_t)base, &value);
    if (syntax == INT_VALID) return int_new(value);
    if (syntax == INT_OVERFLOW) {
        tagged_overflow();
        return NULL;
    }
    Object *literal = repr(source);
    raise_formatted(&Exc_ValueError_Type, "invalid literal for int() with base %d: %S", base,
                    literal);
    DECREF(literal);
    return NULL;
}

Object *CPyLong_FromStrWithBase(Object *text, Tagged base) {
    Str *plain = number_text((Str *)text);
    if (!plain) return NULL;
    Object *result = parse(text, plain->data, plain->var.size, tagged_value(base), str_repr);
    DECREF(plain);
    return result;
}

Object *CPyLong_FromStr(Object *text) {
    return CPyLong_FromStrWithBase(text, tagged_from(10));
}

Object *int_from_bytes_literal(Object *bytes, int64_t base) {
    return parse(bytes, ((Bytes *)bytes)->data, ((Bytes *)bytes)->var.size, base, bytes_repr);
}
