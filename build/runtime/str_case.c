/* Upper and lower case: the whole of Unicode.

   A capital sigma at the end of a word becomes a final small one: behind a cased letter and not before
   one, where what is case-ignorable does not count. Of the case-ignorable characters those are known
   that stand in Greek words: marks, apostrophes, dots, the soft hyphen. */

#include "builder.h"
#include "str_case.h"
#include "unicode_table.h"
#include "utf8.h"

typedef struct Conversion {
    char first; /* 'A' or 'a': the ASCII letters that change */
    const UnicodeTable *mapping;
    const uint8_t *expansions;
} Conversion;

static char convert_ascii(char c, char first) {
    return (uint8_t)(c - first) < 26 ? c ^ ('a' ^ 'A') : c;
}

static Str *convert_ascii_text(const Str *text, char first) {
    Str *result = str_reserve(text->var.size, text->var.size);
    for (int64_t i = 0; i < text->var.size; i++)
        result->data[i] = convert_ascii(text->data[i], first);
    return result;
}

static void add_converted(Builder *result, uint32_t code_point, const Conversion *conversion) {
    uint32_t size;
    const char *expansion;
    if (code_point < 0x80)
        builder_add_char(result, convert_ascii((char)code_point, conversion->first));
    else if ((expansion = unicode_expand(conversion->expansions, code_point, &size)))
        builder_add(result, expansion, size);
    else
        builder_add_code_point(result, unicode_map(conversion->mapping, code_point));
}

static inline __attribute__((always_inline)) Str *convert(Str *text,
                                                          const Conversion *conversion) {
    if (!text->var.size) return str_empty();
    if (str_is_ascii(text)) return convert_ascii_text(text, conversion->first);
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) add_converted(&result, utf8_next(&place), conversion);
    return builder_finish(&result);
}

#define CAPITAL_SIGMA 0x3a3
#define FINAL_SIGMA 0x3c2

static bool is_cased(uint32_t c) {
    return unicode_is(&unicode_lowercase, c) || unicode_is(&unicode_uppercase, c) ||
           unicode_is(&unicode_titlecase, c);
}

static bool is_case_ignorable(uint32_t c) {
    return (c >= 0x300 && c <= 0x36f) || c == '\'' || c == '.' || c == ':' || c == '^' ||
           c == '`' || c == 0xa8 || c == 0xad || c == 0xaf || c == 0xb4 || c == 0xb7 ||
           c == 0xb8 || c == 0x387 || c == 0x2018 || c == 0x2019 || c == 0x2024 || c == 0x2027;
}

static bool cased_follows(const char *place, const char *end) {
    while (place < end) {
        uint32_t c = utf8_next(&place);
        if (!is_case_ignorable(c)) return is_cased(c);
    }
    return false;
}

Str *CPyStr_Lower(Str *text) {
    static const Conversion lower = {'A', &unicode_to_lower, unicode_lower_expansions};
    if (!text->var.size || str_is_ascii(text)) return convert(text, &lower);
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    bool after_cased = false;
    while (place < end) {
        uint32_t c = utf8_next(&place);
        if (c == CAPITAL_SIGMA && after_cased && !cased_follows(place, end))
            builder_add_code_point(&result, FINAL_SIGMA);
        else
            add_converted(&result, c, &lower);
        if (!is_case_ignorable(c)) after_cased = is_cased(c);
    }
    return builder_finish(&result);
}

Str *CPyStr_Upper(Str *text) {
    static const Conversion upper = {'a', &unicode_to_upper, unicode_upper_expansions};
    return convert(text, &upper);
}

Str *str_casefold(Str *text) {
    static const Conversion folded = {'A', &unicode_to_folded, unicode_folded_expansions};
    return convert(text, &folded);
}
