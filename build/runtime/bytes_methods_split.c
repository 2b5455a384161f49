/* bytes: methods that take bytes apart or put them together, called by name. */

#include "bytes_find.h"
#include "bytes_index.h"
#include "int.h"
#include "list.h"
#include "method_arguments.h"
#include "tuple.h"

Bytes *CPyBytes_Join(Bytes *separator, Object *parts);

static void add_part(List *parts, Bytes *bytes, uint32_t start, uint32_t end) {
    list_append_stolen(parts, (Object *)bytes_slice(bytes, start, end));
}

static void split_at_space(Bytes *bytes, int64_t limit, List *parts) {
    uint32_t size = (uint32_t)bytes->var.size, at = 0;
    for (;;) {
        while (at < size && byte_is_space(bytes->data[at])) at++;
        if (at == size) return;
        uint32_t start = at;
        if (!limit--) {
            add_part(parts, bytes, start, size);
            return;
        }
        while (at < size && !byte_is_space(bytes->data[at])) at++;
        add_part(parts, bytes, start, at);
    }
}

static void rsplit_at_space(Bytes *bytes, int64_t limit, List *parts) {
    uint32_t at = (uint32_t)bytes->var.size;
    for (;;) {
        while (at && byte_is_space(bytes->data[at - 1])) at--;
        if (!at) return;
        uint32_t end = at;
        if (!limit--) {
            add_part(parts, bytes, 0, end);
            return;
        }
        while (at && !byte_is_space(bytes->data[at - 1])) at--;
        add_part(parts, bytes, at, end);
    }
}

static void split_at(Bytes *bytes, Span separator, int64_t limit, List *parts) {
    Span rest = bytes_span(bytes);
    while (limit--) {
        uint32_t place = search_forward(rest, separator);
        if (place == NOT_FOUND) break;
        uint32_t start = (uint32_t)(rest.data - bytes->data);
        add_part(parts, bytes, start, start + place);
        rest = span_from(rest, place + separator.size);
    }
    add_part(parts, bytes, (uint32_t)(rest.data - bytes->data), (uint32_t)bytes->var.size);
}

static void rsplit_at(Bytes *bytes, Span separator, int64_t limit, List *parts) {
    Span rest = bytes_span(bytes);
    while (limit--) {
        uint32_t place = search_backward(rest, separator);
        if (place == NOT_FOUND) break;
        add_part(parts, bytes, place + separator.size, rest.size);
        rest.size = place;
    }
    add_part(parts, bytes, 0, rest.size);
}

/* What split() and rsplit() are called with. `separator.data` NULL: white space. */
typedef struct Split {
    Span separator;
    int64_t limit;
} Split;

static bool separator_argument(Object *argument, Span *separator) {
    *separator = (Span){0};
    if (!argument || argument == NONE) return true;
    if (!bytes_argument(argument, separator)) return false;
    if (separator->size) return true;
    raise_standard_error(&Exc_ValueError_Type, "empty separator");
    return false;
}

/* Limits are looked at before separators, as in CPython. */
static bool split_arguments(const Signature *signature, Object *const *args, int64_t count,
                            Tuple *names, Split *split) {
    Object *values[2];
    split->limit = -1;
    return arguments_bind(signature, args, count, names, values) &&
           (!values[1] || int_from_index(values[1], &split->limit)) &&
           separator_argument(values[0], &split->separator);
}

METHOD(bytes, split) {
    static const Signature signature = {"bytes.split", 0, 2, {"sep", "maxsplit", NULL}};
    Split split;
    if (!split_arguments(&signature, args, count, names, &split)) return NULL;
    List *parts = list_with_capacity(0);
    if (split.separator.data)
        split_at((Bytes *)self, split.separator, split.limit, parts);
    else
        split_at_space((Bytes *)self, split.limit, parts);
    return (Object *)parts;
}

METHOD(bytes, rsplit) {
    static const Signature signature = {"bytes.rsplit", 0, 2, {"sep", "maxsplit", NULL}};
    Split split;
    if (!split_arguments(&signature, args, count, names, &split)) return NULL;
    List *parts = list_with_capacity(0);
    if (split.separator.data)
        rsplit_at((Bytes *)self, split.separator, split.limit, parts);
    else
        rsplit_at_space((Bytes *)self, split.limit, parts);
    PyList_Reverse((Object *)parts);
    return (Object *)parts;
}

METHOD(bytes, splitlines) {
    static const Signature signature = {"bytes.splitlines", 0, 1, {"keepends", NULL}};
    Object *keep_ends;
    if (!arguments_bind(&signature, args, count, names, &keep_ends)) return NULL;
    int keep = keep_ends ? PyObject_IsTrue(keep_ends) : 0;
    if (keep < 0) return NULL;
    Bytes *bytes = (Bytes *)self;
    uint32_t size = (uint32_t)bytes->var.size;
    List *lines = list_with_capacity(0);
    for (uint32_t start = 0, at = 0; start < size; start = at) {
        while (at < size && bytes->data[at] != '\n' && bytes->data[at] != '\r') at++;
        uint32_t stop = at;
        if (at < size) at += bytes->data[at] == '\r' && bytes->data[at + 1] == '\n' ? 2 : 1;
        add_part(lines, bytes, start, keep ? at : stop);
    }
    return (Object *)lines;
}

static Object *partition(Object *self, Object *separator, bool forward) {
    Bytes *bytes = (Bytes *)self;
    Span wanted;
    if (!separator_argument(separator, &wanted)) return NULL;
    uint32_t size = (uint32_t)bytes->var.size;
    uint32_t place = (forward ? search_forward : search_backward)(bytes_span(bytes), wanted);
    Object *items[3];
    if (place != NOT_FOUND) {
        items[0] = (Object *)bytes_slice(bytes, 0, place);
        items[1] = (Object *)bytes_new(wanted.data, wanted.size);
        items[2] = (Object *)bytes_slice(bytes, place + wanted.size, size);
    } else {
        items[forward ? 0 : 2] = (Object *)bytes_slice(bytes, 0, size);
        items[1] = (Object *)bytes_empty();
        items[forward ? 2 : 0] = (Object *)bytes_empty();
    }
    Object *parts = tuple_from_array(items, 3);
    for (int i = 0; i < 3; i++) DECREF(items[i]);
    return parts;
}

METHOD(bytes, partition) {
    Span unused;
    EXPECT("bytes.partition", 1, 1);
    return bytes_argument(args[0], &unused) ? partition(self, args[0], true) : NULL;
}

METHOD(bytes, rpartition) {
    Span unused;
    EXPECT("bytes.rpartition", 1, 1);
    return bytes_argument(args[0], &unused) ? partition(self, args[0], false) : NULL;
}

METHOD(bytes, join) {
    EXPECT("bytes.join", 1, 1);
    return (Object *)CPyBytes_Join((Bytes *)self, args[0]);
}
