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

int PyUnicode_Contains(Str *text, Str *part) { return str_contains(text, part); }

/* The bytes of text[start:end]; false if start > end, when not even "" is found. */
static bool part_of(const Str *text, int64_t start, int64_t end, Span *part, uint32_t *offset) {
    clip_bounds(&start, &end, text->length);
    if (start > end) return false;
    *offset = str_offset(text, start);
    *part = (Span){text->data + *offset, str_offset(text, end) - *offset};
    return true;
}

Tagged CPyStr_FindWithEnd(Str *text, Str *wanted, Tagged start, Tagged end, int direction) {
    Span part;
    uint32_t offset;
    if (!part_of(text, tagged_value(start), tagged_value(end), &part, &offset))
        return tagged_from(-1);
    uint32_t place = direction > 0 ? search_forward(part, str_span(wanted))
                                   : search_backward(part, str_span(wanted));
    if (place == NOT_FOUND) return tagged_from(-1);
    place += offset;
    return tagged_from(str_is_ascii(text) ? place : utf8_count(text->data, place));
}

Tagged CPyStr_Find(Str *text, Str *wanted, Tagged start, int direction) {
    return CPyStr_FindWithEnd(text, wanted, start, tagged_from(text->length), direction);
}

static Py_ssize_t count(const Str *text, const Str *wanted, int64_t start, int64_t end) {
    Span part;
    uint32_t offset;
    if (!part_of(text, start, end, &part, &offset)) return 0;
    /* "" is found before and behind each code point. */
    if (!wanted->var.size) return (Py_ssize_t)utf8_count(part.data, part.size) + 1;
    return search_count(part, str_span(wanted));
}

Py_ssize_t CPyStr_Count(Str *text, Str *wanted, Tagged start) {
    return count(text, wanted, tagged_value(start), text->length);
}

Py_ssize_t CPyStr_CountFull(Str *text, Str *wanted, Tagged start, Tagged end) {
    return count(text, wanted, tagged_value(start), tagged_value(end));
}
