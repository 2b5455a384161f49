/* Finding text in text. UTF-8 is found as bytes; only the answer is counted in code points. */

#include "search.h"
#include "str_find.h"
#include "str_index.h"
#include "tagged.h"
#include "utf8.h"

Span str_span(const Str *text) { return (Span){text->data, (uint32_t)text->var.size}; }

bool str_contains(const Str *text, const Str *part) {
    return search_forward(str_span(text), str_span(part)) != NOT_FOUND;
}

char str_has_character(Str *text, Tagged character) {
    char wanted[4];
    uint32_t size = utf8_write(wanted, (uint32_t)tagged_value(character));
    return search_forward(str_span(text), (Span){wanted, size}) != NOT_FOUND;
}

int PyUnicode_Contains(Str *text, Str *part) { return str_contains(text, part); }

bool str_part(const Str *text, int64_t start, int64_t end, StrPart *part) {
    clip_bounds(&start, &end, text->length);
    if (start > end) return false;
    part->offset = str_offset(text, start);
    uint32_t stop = end == text->length ? (uint32_t)text->var.size : str_offset(text, end);
    part->span = (Span){text->data + part->offset, stop - part->offset};
    return true;
}

int64_t str_find(const Str *text, const Str *wanted, int64_t start, int64_t end, int direction) {
    StrPart part;
    if (!str_part(text, start, end, &part)) return -1;
    uint32_t place = direction > 0 ? search_forward(part.span, str_span(wanted))
                                   : search_backward(part.span, str_span(wanted));
    if (place == NOT_FOUND) return -1;
    place += part.offset;
    return str_is_ascii(text) ? place : utf8_count(text->data, place);
}

int64_t str_count(const Str *text, const Str *wanted, int64_t start, int64_t end) {
    StrPart part;
    if (!str_part(text, start, end, &part)) return 0;
    /* "" is found before and behind each code point. */
    if (!wanted->var.size) return (int64_t)utf8_count(part.span.data, part.span.size) + 1;
    return search_count(part.span, str_span(wanted));
}

Tagged CPyStr_FindWithEnd(Str *text, Str *wanted, Tagged start, Tagged end, int direction) {
    return tagged_from(str_find(text, wanted, tagged_value(start), tagged_value(end), direction));
}

Tagged CPyStr_Find(Str *text, Str *wanted, Tagged start, int direction) {
    return tagged_from(str_find(text, wanted, tagged_value(start), text->length, direction));
}

Py_ssize_t CPyStr_Count(Str *text, Str *wanted, Tagged start) {
    return str_count(text, wanted, tagged_value(start), text->length);
}

Py_ssize_t CPyStr_CountFull(Str *text, Str *wanted, Tagged start, Tagged end) {
    return str_count(text, wanted, tagged_value(start), tagged_value(end));
}
