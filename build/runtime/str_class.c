/* What kind of characters a text is made of. The empty text is of no kind. */

#include "str_class.h"
#include "unicode_table.h"
#include "utf8.h"

typedef struct Class {
    bool (*ascii)(char c);
    const UnicodeTable *others;
} Class;

static bool ascii_digit(char c) { return c >= '0' && c <= '9'; }

static bool ascii_letter(char c) {
    c |= 'a' ^ 'A';
    return c >= 'a' && c <= 'z';
}

static bool ascii_alphanumeric(char c) { return ascii_digit(c) || ascii_letter(c); }

static bool ascii_printable(char c) { return c >= ' ' && c <= '~'; }

static inline __attribute__((always_inline)) bool all_are(const Str *text, const Class *class) {
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        uint32_t code_point = utf8_next(&place);
        bool belongs = code_point < 0x80 ? class->ascii((char)code_point)
                                         : unicode_is(class->others, code_point);
        if (!belongs) return false;
    }
    return true;
}

char CPyStr_IsDigit(Str *text) {
    return text->var.size && all_are(text, &(Class){ascii_digit, &unicode_digit});
}

char CPyStr_IsAlnum(Str *text) {
    return text->var.size && all_are(text, &(Class){ascii_alphanumeric, &unicode_alphanumeric});
}

char str_is_alpha(Str *text) {
    return text->var.size && all_are(text, &(Class){ascii_letter, &unicode_alphabetic});
}

char str_is_decimal(Str *text) {
    return text->var.size && all_are(text, &(Class){ascii_digit, &unicode_decimal});
}

char str_is_numeric(Str *text) {
    return text->var.size && all_are(text, &(Class){ascii_digit, &unicode_numeric});
}

static bool ascii_identifier_part(char c) { return c == '_' || ascii_alphanumeric(c); }

char str_is_identifier(Str *text) {
    if (!text->var.size) return false;
    const char *at = text->data;
    uint32_t first = utf8_next(&at);
    bool starts = first < 0x80 ? first == '_' || ascii_letter((char)first)
                               : unicode_is(&unicode_identifier_start, first);
    return starts && all_are(text, &(Class){ascii_identifier_part, &unicode_identifier_part});
}

/* "" is printable. */
char str_is_printable(Str *text) {
    return all_are(text, &(Class){ascii_printable, &unicode_printable});
}

char CPyStr_IsSpace(Str *text) {
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end)
        if (!unicode_is_space(utf8_next(&place))) return false;
    return text->var.size != 0;
}
