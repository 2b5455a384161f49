/* The characters of a pattern, and the escapes among them. */

#include "regex_source.h"

#include "bytes.h"
#include "unicode_table.h"
#include "utf8.h"

#define OCTAL_LIMIT 0400

static void advance(Source *source) {
    if (source->is_refused || source->behind >= source->size) {
        source->next = NO_TOKEN;
        return;
    }
    source->next = source->characters[source->behind++];
    if (source->next != '\\') return;
    if (source->behind == source->size) {
        source_refuse(source, source->size - 1, "bad escape (end of pattern)");
        return;
    }
    source->next = source->characters[source->behind++] | ESCAPED;
}

void source_open(Source *source, const Object *pattern) {
    *source = (Source){.is_text = is_str(pattern)};
    uint32_t bytes = (uint32_t)((const VarObject *)pattern)->size;
    const char *at = ((const Bytes *)pattern)->data;
    if (source->is_text) at = ((const Str *)pattern)->data;
    source->characters = mixer2_alloc((bytes + 1) * sizeof(uint32_t));
    for (const char *end = at + bytes; at < end;)
        source->characters[source->size++] = source->is_text ? utf8_next(&at) : (uint8_t)*at++;
    advance(source);
}

void source_close(Source *source) { mixer2_free(source->characters); }

uint32_t source_place(const Source *source) {
    if (source->next == NO_TOKEN) return source->behind;
    return source->behind - (source->next & ESCAPED ? 2 : 1);
}

void source_go_to(Source *source, uint32_t place) {
    source->behind = place;
    advance(source);
}

Token source_get(Source *source) {
    Token token = source->next;
    advance(source);
    return token;
}

bool source_skip(Source *source, Token token) {
    if (source->next != token) return false;
    advance(source);
    return true;
}

/* Messages about a pattern of bytes are ASCII. */
static void show_character(Builder *message, uint32_t character, bool is_text) {
    if (is_text || character < 0x80) {
        builder_add_code_point(message, character);
        return;
    }
    builder_add_c(message, "\\x");
    builder_add_char(message, "0123456789abcdef"[character >> 4]);
    builder_add_char(message, "0123456789abcdef"[character & 15]);
}

void source_show(const Source *source, Builder *message, uint32_t from, uint32_t to) {
    for (; from < to; from++)
        show_character(message, source->characters[from], source->is_text);
}

static Str *part(const Source *source, uint32_t from, uint32_t to) {
    Builder text = builder_new();
    for (; from < to; from++) builder_add_code_point(&text, source->characters[from]);
    return builder_finish(&text);
}

void source_show_quoted(const Source *source, Builder *message, uint32_t from, uint32_t to) {
    Str *text = part(source, from, to), *repr = text ? (Str *)str_repr((Object *)text) : NULL;
    if (repr) {
        const char *at = repr->data, *end = at + repr->var.size;
        while (at < end) show_character(message, utf8_next(&at), source->is_text);
        DECREF(repr);
    }
    XDECREF(text);
}

void source_refuse_with(Source *source, uint32_t place, Builder *message) {
    if (source->is_refused) {
        builder_abandon(message);
        return;
    }
    source->is_refused = true;
    source->refused_at = place;
    source->refusal = builder_finish(message);
    advance(source);
}

void source_refuse(Source *source, uint32_t place, const char *message) {
    Builder text = builder_new();
    for (; *message; message++) {
        if (*message == '%')
            source_show(source, &text, place, source_place(source));
        else
            builder_add_char(&text, *message);
    }
    source_refuse_with(source, place, &text);
}

bool is_alphabetic_token(Token token) {
    return token < 0x80 ? is_letter_token(token) : unicode_is(&unicode_alphabetic, token);
}

/* Whether a character may be in a group's name. */
static bool is_in_name(uint32_t c, bool is_first) {
    return is_alphabetic_token(c) || c == '_' || (!is_first && is_digit_token(c));
}

Str *source_group_name(Source *source) {
    uint32_t start = source_place(source), end = start;
    for (; !source_skip(source, '>'); end = source_place(source)) {
        if (source_get(source) != NO_TOKEN) continue;
        source_refuse(source, start,
                      end == start ? "missing group name" : "missing >, unterminated name");
        return NULL;
    }
    if (start == end) source_refuse(source, start, "missing group name");
    for (uint32_t i = start; i < end; i++) {
        if (is_in_name(source->characters[i], i == start)) continue;
        Builder message = builder_new();
        builder_add_c(&message, "bad character in group name ");
        source_show_quoted(source, &message, start, end);
        source_refuse_with(source, start, &message);
    }
    return source->is_refused ? NULL : part(source, start, end);
}

static uint32_t hexadecimal(Source *source, uint32_t start, uint32_t digits) {
    uint32_t value = 0;
    for (; digits; digits--) {
        Token token = source->next;
        if (is_digit_token(token))
            value = value << 4 | (token - '0');
        else if ((token | 0x20) - 'a' < 6)
            value = value << 4 | ((token | 0x20) - 'a' + 10);
        else
            break;
        source_get(source);
    }
    if (digits)
        source_refuse(source, start, "incomplete escape %");
    else if (value >= CODE_POINT_LIMIT)
        source_refuse(source, start, "bad escape %");
    return value;
}

static bool is_octal(Token token) { return token - '0' < 8; }

/* All of an octal escape, of which more digits may follow: at most two. */
static uint32_t octal(Source *source, uint32_t value, uint32_t start) {
    for (int i = 0; i < 2 && is_octal(source->next); i++)
        value = value * 8 + (source_get(source) - '0');
    if (value >= OCTAL_LIMIT)
        source_refuse(source, start, "octal escape value % outside of range 0-0o377");
    return value;
}

/* An escape that means the same in sets and elsewhere; NO_CHARACTER when its letter is a digit. */
static uint32_t character_of(Source *source, uint32_t letter, uint32_t start) {
    static const char letters[] = "abfnrtv", meanings[] = "\a\b\f\n\r\t\v";
    if (letter == 'x') return hexadecimal(source, start, 2);
    if (source->is_text && letter == 'u') return hexadecimal(source, start, 4);
    if (source->is_text && letter == 'U') return hexadecimal(source, start, 8);
    if (source->is_text && letter == 'N' && source->next == '{')
        source_refuse(source, start, "names of characters are not in the dialect, write \\u");
    for (int i = 0; letters[i]; i++)
        if ((uint32_t)letters[i] == letter) return (uint32_t)meanings[i];
    if (is_digit_token(letter)) return NO_CHARACTER;
    if (is_letter_token(letter)) source_refuse(source, start, "bad escape %");
    return letter;
}

uint32_t source_set_escape(Source *source, Token escape, uint32_t start) {
    uint32_t letter = escape & ~ESCAPED, character = character_of(source, letter, start);
    if (character != NO_CHARACTER) return character;
    if (is_octal(letter)) return octal(source, letter - '0', start);
    source_refuse(source, start, "bad escape %");
    return 0;
}

uint32_t source_escape(Source *source, Token escape, uint32_t start) {
    uint32_t letter = escape & ~ESCAPED, character = character_of(source, letter, start);
    if (character != NO_CHARACTER) return character;
    if (letter == '0') return octal(source, 0, start);
    if (is_digit_token(source->next)) {
        Token second = source_get(source);
        if (is_octal(letter) && is_octal(second) && is_octal(source->next)) {
            source_go_to(source, start + 2);
            return octal(source, letter - '0', start);
        }
    }
    source_refuse(source, start, "backreference %: " NOT_LINEAR);
    return 0;
}
