/* Which characters the instructions of a regular expression take.

   Without regard to case as CPython does it: two characters are equal when their lower-case
   characters are, or when these have one upper-case character. */

#include "regex.h"
#include "unicode_table.h"

#define CAPITAL_I_WITH_DOT 0x130u

/* Lower-case characters with one upper-case character (CPython's re/_casefix.py); classes end with
   0. Those with ASCII in them come first. */
static const uint16_t same_upper[] = {
    0x0069, 0x0131, 0, 0x0073, 0x017f, 0, 0x00b5, 0x03bc, 0, 0x0345, 0x03b9, 0x1fbe, 0,
    0x0390, 0x1fd3, 0, 0x03b0, 0x1fe3, 0, 0x03b2, 0x03d0, 0, 0x03b5, 0x03f5, 0,
    0x03b8, 0x03d1, 0, 0x03ba, 0x03f0, 0, 0x03c0, 0x03d6, 0, 0x03c1, 0x03f1, 0,
    0x03c2, 0x03c3, 0, 0x03c6, 0x03d5, 0, 0x0432, 0x1c80, 0, 0x0434, 0x1c81, 0,
    0x043e, 0x1c82, 0, 0x0441, 0x1c83, 0, 0x0442, 0x1c84, 0x1c85, 0, 0x044a, 0x1c86, 0,
    0x0463, 0x1c87, 0, 0x1c88, 0xa64b, 0, 0x1e61, 0x1e9b, 0, 0xfb05, 0xfb06, 0,
};
#define SAME_UPPER_SIZE (sizeof same_upper / sizeof *same_upper)

static bool is_digit_ascii(uint32_t c) { return c - '0' < 10; }

static bool is_space_ascii(uint32_t c) { return c == ' ' || c - '\t' < 5; }

static bool is_word_ascii(uint32_t c) {
    return (c | 0x20) - 'a' < 26 || is_digit_ascii(c) || c == '_';
}

bool regex_is_word(uint32_t c, bool ascii) {
    if (c < 0x80 || ascii) return is_word_ascii(c);
    return unicode_is(&unicode_alphanumeric, c);
}

static bool is_in_category(uint32_t c, RegexCategory category) {
    bool ascii = category >= CATEGORY_DIGIT_ASCII, found;
    switch (category % CATEGORY_DIGIT_ASCII & ~1u) {
        case CATEGORY_DIGIT:
            found = c < 0x80 || ascii ? is_digit_ascii(c) : unicode_is(&unicode_decimal, c);
            break;
        case CATEGORY_SPACE:
            found = ascii ? is_space_ascii(c) : unicode_is_space(c);
            break;
        default:
            found = regex_is_word(c, ascii);
    }
    return found != (category & 1);
}

static bool ranges_hold(const uint32_t *pairs, uint32_t count, uint32_t c) {
    for (const uint32_t *end = pairs + 2 * count; pairs < end; pairs += 2)
        if (c >= pairs[0] && c <= pairs[1]) return true;
    return false;
}

static bool set_holds(const uint32_t *pairs, uint32_t count, uint32_t c) {
    for (const uint32_t *end = pairs + 2 * count; pairs < end; pairs += 2)
        if (*pairs == CATEGORY ? is_in_category(c, (RegexCategory)pairs[1])
                               : c >= pairs[0] && c <= pairs[1])
            return true;
    return false;
}

static uint32_t lower_ascii(uint32_t c) { return c - 'A' < 26 ? c + ('a' - 'A') : c; }

uint32_t regex_lower(uint32_t c) {
    if (c < 0x80) return lower_ascii(c);
    return c == CAPITAL_I_WITH_DOT ? 'i' : unicode_map(&unicode_to_lower, c);
}

/* The class of same_upper that holds a lower-case character, or NULL. */
static const uint16_t *upper_class(uint32_t c) {
    if (c < 0x80 && c != 'i' && c != 's') return NULL;
    for (const uint16_t *at = same_upper, *start = at; at < same_upper + SAME_UPPER_SIZE; at++) {
        if (*at == c) return start;
        if (!*at) start = at + 1;
    }
    return NULL;
}

/* Whether a set's ranges hold a character whose lower case is `c`. */
static bool ranges_hold_case_of(const uint32_t *pairs, uint32_t count, uint32_t c) {
    if (ranges_hold(pairs, count, c)) return true;
    if (c < 0x80) {
        if (lower_ascii(c ^ 0x20) == c && ranges_hold(pairs, count, c ^ 0x20)) return true;
        if (c == 'i') return ranges_hold(pairs, count, CAPITAL_I_WITH_DOT);
        if (c != 'k') return false;
    }
    uint32_t other;
    for (uint32_t skip = 0; (other = unicode_mapped_to(&unicode_to_lower, c, skip)); skip++)
        if (ranges_hold(pairs, count, other)) return true;
    return false;
}

/* Categories are asked for the lower-case character alone, ranges for all that equal it. */
static bool set_holds_folded(const uint32_t *pairs, uint32_t count, uint32_t c, Fold fold) {
    if (fold == FOLD_NONE) return set_holds(pairs, count, c);
    uint32_t small = fold == FOLD_ASCII ? lower_ascii(c) : regex_lower(c);
    if (set_holds(pairs, count, small)) return true;
    if (fold == FOLD_ASCII)
        return small - 'a' < 26 && ranges_hold(pairs, count, small - ('a' - 'A'));
    if (ranges_hold_case_of(pairs, count, small)) return true;
    const uint16_t *class = upper_class(small);
    for (; class && *class; class++)
        if (ranges_hold_case_of(pairs, count, *class)) return true;
    return false;
}

/* `wanted` is a lower-case character. */
static bool equals_folded(uint32_t wanted, uint32_t c) {
    uint32_t small = regex_lower(c);
    if (small == wanted) return true;
    const uint16_t *class = upper_class(small);
    for (; class && *class; class++)
        if (*class == wanted) return true;
    return false;
}

bool regex_accepts(const uint32_t *code, uint32_t c) {
    switch ((RegexOp)*code) {
        case OP_CHAR:
            if (code[1] == c) return true;
            return code[2] == FOLD_NONE    ? false
                   : code[2] == FOLD_ASCII ? code[1] == lower_ascii(c)
                                           : equals_folded(code[1], c);
        case OP_ANY:
            return c != '\n' || code[1];
        default:
            return set_holds_folded(code + 4, code[3], c, (Fold)code[2]) != code[1];
    }
}
