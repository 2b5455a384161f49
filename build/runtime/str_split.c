/* Splitting at a separator or at white space. */

#include "errors.h"
#include "list.h"
#include "none.h"
#include "str_edit.h"
#include "str_find.h"
#include "tagged.h"
#include "unicode_table.h"
#include "utf8.h"

static void add_part(List *parts, Str *text, uint32_t start, uint32_t end) {
    list_append_stolen(parts, (Object *)str_slice_bytes(text, start, end));
}

static bool space_at(const char *place, uint32_t *width) {
    const char *behind = place;
    bool space = unicode_is_space(utf8_next(&behind));
    *width = (uint32_t)(behind - place);
    return space;
}

static void split_at_space(Str *text, int64_t limit, List *parts) {
    uint32_t size = (uint32_t)text->var.size, at = 0, width;
    for (;;) {
        while (at < size && space_at(text->data + at, &width)) at += width;
        if (at == size) return;
        uint32_t start = at;
        if (!limit--) {
            add_part(parts, text, start, size);
            return;
        }
        while (at < size && !space_at(text->data + at, &width)) at += width;
        add_part(parts, text, start, at);
    }
}

static void split_at(Str *text, const Str *separator, int64_t limit, List *parts) {
    Span rest = str_span(text);
    while (limit--) {
        uint32_t place = search_forward(rest, str_span(separator));
        if (place == NOT_FOUND) break;
        uint32_t start = (uint32_t)(rest.data - text->data);
        add_part(parts, text, start, start + place);
        rest = span_from(rest, place + (uint32_t)separator->var.size);
    }
    add_part(parts, text, (uint32_t)(rest.data - text->data), (uint32_t)text->var.size);
}

static Object *split_forward(Str *text, Str *separator, int64_t limit) {
    List *parts = list_with_capacity(0);
    if ((Object *)separator == NONE || !separator)
        split_at_space(text, limit, parts);
    else
        split_at(text, separator, limit, parts);
    return (Object *)parts;
}

static void rsplit_at_space(Str *text, int64_t limit, List *parts) {
    const char *start = text->data, *at = text->data + text->var.size;
    for (;;) {
        const char *before = at;
        while (at > start && unicode_is_space(utf8_previous(&before))) at = before;
        if (at == start) return;
        const char *end = at;
        if (!limit--) {
            add_part(parts, text, 0, (uint32_t)(end - start));
            return;
        }
        before = at;
        while (at > start && !unicode_is_space(utf8_previous(&before))) at = before;
        add_part(parts, text, (uint32_t)(at - start), (uint32_t)(end - start));
    }
}

static void rsplit_at(Str *text, const Str *separator, int64_t limit, List *parts) {
    Span rest = str_span(text);
    while (limit--) {
        uint32_t place = search_backward(rest, str_span(separator));
        if (place == NOT_FOUND) break;
        add_part(parts, text, place + (uint32_t)separator->var.size, rest.size);
        rest.size = place;
    }
    add_part(parts, text, 0, rest.size);
}

static Object *split_backward(Str *text, Str *separator, int64_t limit) {
    List *parts = list_with_capacity(0);
    if ((Object *)separator == NONE || !separator)
        rsplit_at_space(text, limit, parts);
    else
        rsplit_at(text, separator, limit, parts);
    PyList_Reverse((Object *)parts);
    return (Object *)parts;
}

/* False with an error. None and NULL are white space. */
static bool separator_is_good(const Str *separator) {
    if (!separator || (Object *)separator == NONE || separator->var.size) return true;
    raise_standard_error(&Exc_ValueError_Type, "empty separator");
    return false;
}

/* A negative limit is none. */
Object *CPyStr_Split(Str *text, Str *separator, Tagged limit) {
    return separator_is_good(separator) ? split_forward(text, separator, tagged_value(limit))
                                        : NULL;
}

Object *CPyStr_RSplit(Str *text, Str *separator, Tagged limit) {
    return separator_is_good(separator) ? split_backward(text, separator, tagged_value(limit))
                                        : NULL;
}

Object *PyUnicode_Split(Str *text, Str *separator, int limit) {
    return CPyStr_Split(text, separator, tagged_from(limit));
}

Object *PyUnicode_RSplit(Str *text, Str *separator, int limit) {
    return CPyStr_RSplit(text, separator, tagged_from(limit));
}
