/* Case by position: titles, capitals, swapped case. */

#include "builder.h"
#include "str_case.h"
#include "str_class.h"
#include "str_sigma.h"
#include "unicode_table.h"
#include "utf8.h"

static bool is_ascii_upper(uint32_t code_point) { return code_point - 'A' < 26; }

static bool is_ascii_lower(uint32_t code_point) { return code_point - 'a' < 26; }

static bool is_upper(uint32_t code_point) {
    return code_point < 0x80 ? is_ascii_upper(code_point)
                             : unicode_is(&unicode_uppercase, code_point);
}

static bool is_lower(uint32_t code_point) {
    return code_point < 0x80 ? is_ascii_lower(code_point)
                             : unicode_is(&unicode_lowercase, code_point);
}

static bool is_cased(uint32_t code_point) {
    return is_upper(code_point) || is_lower(code_point) ||
           (code_point >= 0x80 && unicode_is(&unicode_titlecase, code_point));
}

static void add_mapped(Builder *result, uint32_t code_point, const UnicodeTable *mapping,
                       const uint8_t *expansions) {
    uint32_t size;
    const char *expansion = unicode_expand(expansions, code_point, &size);
    if (expansion)
        builder_add(result, expansion, size);
    else
        builder_add_code_point(result, unicode_map(mapping, code_point));
}

/* The code point at *place, which moves behind it. */
static void add_lower(Builder *result, const Str *text, const char **place) {
    const char *start = *place;
    uint32_t code_point = utf8_next(place);
    if (code_point < 0x80)
        builder_add_char(result, (char)(is_ascii_upper(code_point) ? code_point + 32 : code_point));
    else if (code_point == CAPITAL_SIGMA && sigma_is_final(text, start))
        builder_add_code_point(result, FINAL_SIGMA);
    else
        add_mapped(result, code_point, &unicode_to_lower, unicode_lower_expansions);
}

static void add_upper(Builder *result, uint32_t code_point) {
    if (code_point < 0x80)
        builder_add_char(result, (char)(is_ascii_lower(code_point) ? code_point - 32 : code_point));
    else
        add_mapped(result, code_point, &unicode_to_upper, unicode_upper_expansions);
}

static void add_title(Builder *result, uint32_t code_point) {
    if (code_point < 0x80)
        add_upper(result, code_point);
    else
        add_mapped(result, code_point, &unicode_to_title, unicode_title_expansions);
}

static uint32_t peek(const char *place) { return utf8_next(&place); }

Str *str_title(Str *text) {
    Builder result = builder_new();
    bool in_word = false;
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        bool cased = is_cased(peek(place));
        if (in_word)
            add_lower(&result, text, &place);
        else
            add_title(&result, utf8_next(&place));
        in_word = cased;
    }
    return builder_finish(&result);
}

Str *str_capitalize(Str *text) {
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    if (place < end) add_title(&result, utf8_next(&place));
    while (place < end) add_lower(&result, text, &place);
    return builder_finish(&result);
}

Str *str_swapcase(Str *text) {
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        uint32_t code_point = peek(place);
        if (is_upper(code_point)) {
            add_lower(&result, text, &place);
            continue;
        }
        utf8_next(&place);
        if (is_lower(code_point))
            add_upper(&result, code_point);
        else
            builder_add_code_point(&result, code_point);
    }
    return builder_finish(&result);
}

/* Cased characters, all of one case. */
static char is_only(const Str *text, bool (*wanted)(uint32_t)) {
    bool found = false;
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        uint32_t code_point = utf8_next(&place);
        if (wanted(code_point))
            found = true;
        else if (is_cased(code_point))
            return false;
    }
    return found;
}

char str_is_lower(Str *text) { return is_only(text, is_lower); }

char str_is_upper(Str *text) { return is_only(text, is_upper); }

char str_is_title(Str *text) {
    bool found = false, in_word = false;
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        uint32_t code_point = utf8_next(&place);
        bool lower = is_lower(code_point), cased = is_cased(code_point);
        /* A word is begun by what is not small, and goes on with what is. */
        if (cased && lower != in_word) return false;
        found |= cased;
        in_word = cased;
    }
    return found;
}
