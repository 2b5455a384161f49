/* The small form of a capital sigma. */

#include "str_sigma.h"

#include "unicode_table.h"
#include "utf8.h"

static bool is_cased(uint32_t c) {
    if (c < 0x80) return ((c | 0x20) - 'a') < 26;
    if (c == FINAL_SIGMA) return true; /* it has a capital, whose ordinary small form is another */
    return unicode_map(&unicode_to_lower, c) != c || unicode_is_mapped_to(&unicode_to_lower, c);
}

static bool is_case_ignorable(uint32_t c) {
    if (c >= 0x300 && c <= 0x36f) return true;
    switch (c) {
    case '\'': case '.': case ':': case '^': case '`':
    case 0xa8: case 0xad: case 0xaf: case 0xb4: case 0xb7: case 0xb8: case 0x387:
    case 0x2018: case 0x2019: case 0x2024: case 0x2027:
        return true;
    default: return false;
    }
}

static bool cased_before(const char *start, const char *place) {
    while (place > start) {
        uint32_t c = utf8_previous(&place);
        if (!is_case_ignorable(c)) return is_cased(c);
    }
    return false;
}

static bool cased_behind(const char *place, const char *end) {
    while (place < end) {
        uint32_t c = utf8_next(&place);
        if (!is_case_ignorable(c)) return is_cased(c);
    }
    return false;
}

bool sigma_is_final(const Str *text, const char *place) {
    const char *behind = place;
    utf8_next(&behind);
    return cased_before(text->data, place) && !cased_behind(behind, text->data + text->var.size);
}
