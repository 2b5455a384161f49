/* Replacing parts of text. */

#include "builder.h"
#include "str_edit.h"
#include "str_find.h"
#include "tagged.h"
#include "utf8.h"

/* "" stands before and behind each code point. */
static Str *insert_between(Str *text, const Str *new, int64_t limit) {
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    while (limit && place < end) {
        limit--;
        builder_add_str(&result, new);
        uint32_t width = utf8_width(*place);
        builder_add(&result, place, width);
        place += width;
    }
    builder_add(&result, place, (uint32_t)(end - place));
    if (limit) builder_add_str(&result, new);
    return builder_finish(&result);
}

static Str *replace(Str *text, const Str *old, const Str *new, int64_t limit) {
    if (limit && !old->var.size) return insert_between(text, new, limit);
    Span rest = str_span(text);
    uint32_t place = limit ? search_forward(rest, str_span(old)) : NOT_FOUND;
    if (place == NOT_FOUND) {
        INCREF(text);
        return text;
    }
    Builder result = builder_new();
    while (place != NOT_FOUND) {
        builder_add(&result, rest.data, place);
        builder_add_str(&result, new);
        rest = span_from(rest, place + (uint32_t)old->var.size);
        place = --limit ? search_forward(rest, str_span(old)) : NOT_FOUND;
    }
    builder_add(&result, rest.data, rest.size);
    return builder_finish(&result);
}

/* A negative limit is none. */
Str *CPyStr_Replace(Str *text, Str *old, Str *new, Tagged limit) {
    return replace(text, old, new, tagged_value(limit));
}

Str *PyUnicode_Replace(Str *text, Str *old, Str *new, int limit) {
    return replace(text, old, new, limit);
}
