/* Lines. */

#include "list.h"
#include "str_edit.h"
#include "str.h"
#include "unicode_table.h"
#include "utf8.h"

/* Behind the line break that starts at `place`; CR LF is one. */
static const char *behind_break(const char *place, const char *end) {
    bool carriage_return = *place == '\r';
    utf8_next(&place);
    return carriage_return && place < end && *place == '\n' ? place + 1 : place;
}

Object *PyUnicode_Splitlines(Str *text, int keep_ends) {
    List *lines = list_with_capacity(0);
    const char *data = text->data, *end = data + text->var.size;
    for (const char *start = data; start < end;) {
        const char *stop = start, *next = start;
        while (next < end && !unicode_is_line_break(utf8_next(&next))) stop = next;
        const char *behind = stop < end ? behind_break(stop, end) : end;
        const char *shown = keep_ends ? behind : stop;
        Str *line = str_slice_bytes(text, (uint32_t)(start - data), (uint32_t)(shown - data));
        list_append_stolen(lines, (Object *)line);
        start = behind;
    }
    return (Object *)lines;
}
