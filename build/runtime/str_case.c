/* Upper and lower case: the whole of Unicode. */

#include "builder.h"
#include "str_case.h"
#include "str_sigma.h"
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

/* As `convert` does, but for the sigma. */
Str *CPyStr_Lower(Str *text) {
    static const Conversion lower = {'A', &unicode_to_lower, unicode_lower_expansions};
    if (str_is_ascii(text)) return convert(text, &lower);
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        const char *start = place;
        uint32_t code_point = utf8_next(&place);
        if (code_point == CAPITAL_SIGMA && sigma_is_final(text, start))
            builder_add_code_point(&result, FINAL_SIGMA);
        else
            add_converted(&result, code_point, &lower);
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
