/* Splitting once, into three. */

#include "errors.h"
#include "str_edit.h"
#include "str_find.h"
#include "tuple.h"

typedef uint32_t Search(Span haystack, Span needle);

static Object *triple(Str *first, Str *second, Str *third) {
    Object *items[] = {(Object *)first, (Object *)second, (Object *)third};
    Object *tuple = tuple_from_array(items, 3);
    for (int i = 0; i < 3; i++) DECREF(items[i]);
    return tuple;
}

static Object *parts_around(Str *text, Str *separator, uint32_t place) {
    uint32_t behind = place + (uint32_t)separator->var.size;
    INCREF(separator);
    return triple(str_slice_bytes(text, 0, place), separator,
                  str_slice_bytes(text, behind, (uint32_t)text->var.size));
}

/* False with an error if the separator is empty. */
static bool find(Str *text, Str *separator, Search *search, uint32_t *place) {
    if (!separator->var.size) {
        raise_standard_error(&Exc_ValueError_Type, "empty separator");
        return false;
    }
    *place = search(str_span(text), str_span(separator));
    return true;
}

Object *PyUnicode_Partition(Str *text, Str *separator) {
    uint32_t place;
    if (!find(text, separator, search_forward, &place)) return NULL;
    if (place != NOT_FOUND) return parts_around(text, separator, place);
    INCREF(text);
    return triple(text, str_empty(), str_empty());
}

Object *PyUnicode_RPartition(Str *text, Str *separator) {
    uint32_t place;
    if (!find(text, separator, search_backward, &place)) return NULL;
    if (place != NOT_FOUND) return parts_around(text, separator, place);
    INCREF(text);
    return triple(str_empty(), str_empty(), text);
}
