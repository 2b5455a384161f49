/* float: to and from text. */

#include "float_text.h"

#include "bytes.h"
#include "decimal.h"
#include "errors.h"
#include "float.h"
#include "number_text.h"
#include "str.h"

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

typedef struct Reader {
    const char *text;
    const char *end;
} Reader;

/* Whether a word, in any case, is all that is left. */
static bool is_word(const Reader *reader, const char *word) {
    const char *text = reader->text;
    for (; *word; word++, text++) {
        if (text == reader->end || (*text | 0x20) != *word) return false;
    }
    return text == reader->end;
}

static bool take(Reader *reader, char c) {
    if (reader->text == reader->end || *reader->text != c) return false;
    reader->text++;
    return true;
}

/* A digit, or an underscore between two digits and the digit after it. -1: neither. */
static int take_digit(Reader *reader, bool first) {
    const char *text = reader->text;
    if (!first && text < reader->end && *text == '_') text++;
    if (text == reader->end || !is_digit(*text)) return -1;
    reader->text = text + 1;
    return *text - '0';
}

/* Digits beyond the room cannot matter but as "more than nothing". */
static void add_digit(Decimal *decimal, int digit) {
    if (decimal->count < DECIMAL_DIGITS) {
        decimal->digits[decimal->count++] = (char)('0' + digit);
    } else if (digit) {
        decimal->digits[DECIMAL_DIGITS - 1] = '1';
    }
}

/* Returns whether there was a digit. */
static bool take_digits(Reader *reader, Decimal *decimal, bool fraction) {
    bool first = true;
    for (int digit; (digit = take_digit(reader, first)) >= 0; first = false) {
        bool leading_zero = decimal->count == 0 && digit == 0;
        if (!leading_zero) add_digit(decimal, digit);
        if (fraction) {
            decimal->point -= leading_zero;
        } else {
            decimal->point += !leading_zero;
        }
    }
    return !first;
}

#define EXPONENT_LIMIT 100000

static bool take_exponent(Reader *reader, int32_t *exponent) {
    bool negative = take(reader, '-');
    if (!negative) take(reader, '+');
    bool first = true;
    for (int digit; (digit = take_digit(reader, first)) >= 0; first = false) {
        if (*exponent < EXPONENT_LIMIT) *exponent = *exponent * 10 + digit;
    }
    if (negative) *exponent = -*exponent;
    return !first;
}

static bool parse_number(Reader *reader, double *value) {
    Decimal decimal;
    decimal.count = decimal.point = 0;
    bool digits = take_digits(reader, &decimal, false);
    if (take(reader, '.')) digits = take_digits(reader, &decimal, true) || digits;
    if (!digits) return false;
    int32_t exponent = 0;
    if (take(reader, 'e') || take(reader, 'E')) {
        if (!take_exponent(reader, &exponent)) return false;
    }
    decimal.point += exponent;
    while (decimal.count && decimal.digits[decimal.count - 1] == '0') decimal.count--;
    *value = decimal_to_double(&decimal);
    return reader->text == reader->end;
}

bool float_parse(const char *text, int64_t size, double *value) {
    Reader reader = {text, text + size};
    while (reader.text < reader.end && is_space(*reader.text)) reader.text++;
    while (reader.end > reader.text && is_space(reader.end[-1])) reader.end--;
    bool negative = take(&reader, '-');
    if (!negative) take(&reader, '+');
    bool valid = true;
    if (is_word(&reader, "inf") || is_word(&reader, "infinity")) {
        *value = __builtin_inf();
    } else if (is_word(&reader, "nan")) {
        *value = __builtin_nan("");
    } else {
        valid = parse_number(&reader, value);
    }
    if (valid && negative) *value = -*value;
    return valid;
}

static Object *parse(Object *source, const char *text, int64_t size,
                     Object *(*repr)(Object *)) {
    double value;
    if (float_parse(text, size, &value)) return float_new(value);
    Object *literal = repr(source);
    raise_formatted(&Exc_ValueError_Type, "could not convert string to float: %S", literal);
    DECREF(literal);
    return NULL;
}

Object *PyFloat_FromString(Object *text) {
    Str *plain = number_text((Str *)text);
    if (!plain) return NULL;
    Object *result = parse(text, plain->data, plain->var.size, str_repr);
    DECREF(plain);
    return result;
}

Object *float_from_bytes_literal(Object *bytes) {
    return parse(bytes, ((Bytes *)bytes)->data, ((Bytes *)bytes)->var.size, bytes_repr);
}

static char *write_text(char *to, const char *text) {
    while (*text) *to++ = *text++;
    return to;
}

static char *write_digits(char *to, const Decimal *decimal, int32_t from, int32_t until) {
    for (int32_t i = from; i < until; i++) {
        *to++ = i >= 0 && i < decimal->count ? decimal->digits[i] : '0';
    }
    return to;
}

static char *write_positional(char *to, const Decimal *decimal) {
    int32_t before = decimal->point > 0 ? decimal->point : 1;
    to = write_digits(to, decimal, decimal->point - before, decimal->point);
    *to++ = '.';
    int32_t last = decimal->count > decimal->point ? decimal->count : decimal->point + 1;
    return write_digits(to, decimal, decimal->point, last);
}

static char *write_scientific(char *to, const Decimal *decimal) {
    int32_t exponent = decimal->point - 1;
    *to++ = decimal->digits[0];
    if (decimal->count > 1) *to++ = '.';
    to = write_digits(to, decimal, 1, decimal->count);
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    if (exponent < 0) exponent = -exponent;
    if (exponent >= 100) *to++ = (char)('0' + exponent / 100);
    *to++ = (char)('0' + exponent / 10 % 10);
    *to++ = (char)('0' + exponent % 10);
    return to;
}

char *float_write(char *to, double value) {
    if (value != value) return write_text(to, "nan");
    if (__builtin_signbit(value)) *to++ = '-';
    if (__builtin_isinf(value)) return write_text(to, "inf");
    Decimal decimal;
    decimal_shortest(&decimal, __builtin_fabs(value));
    if (decimal.count == 0) return write_text(to, "0.0");
    bool positional = decimal.point > -4 && decimal.point <= 16;
    return positional ? write_positional(to, &decimal) : write_scientific(to, &decimal);
}

Object *float_repr(Object *self) {
    char text[FLOAT_TEXT_MAX];
    return (Object *)str_new_ascii(text, float_write(text, float_value(self)) - text);
}
