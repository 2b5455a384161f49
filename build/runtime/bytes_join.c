/* separator.join(parts) */

#include "bytes.h"
#include "errors.h"
#include "generic.h"
#include "list.h"
#include "tuple.h"

static bool all_are_bytes(const Slot *items, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (is_bytes(items[i].object)) continue;
        raise_formatted(&Exc_TypeError_Type,
                        "sequence item %d: expected a bytes-like object, %T found", i,
                        items[i].object);
        return false;
    }
    return true;
}

static char *append(char *end, const Bytes *bytes) {
    memcpy(end, bytes->data, (size_t)bytes->var.size);
    return end + bytes->var.size;
}

static Bytes *join(const Bytes *separator, const Slot *items, int64_t count) {
    if (!all_are_bytes(items, count)) return NULL;
    if (count == 0) return bytes_empty();
    if (count == 1) {
        INCREF(items[0].object);
        return (Bytes *)items[0].object;
    }
    int64_t size = separator->var.size * (count - 1);
    for (int64_t i = 0; i < count; i++) size += ((Bytes *)items[i].object)->var.size;
    Bytes *bytes = bytes_reserve(size);
    char *end = bytes->data;
    for (int64_t i = 0; i < count; i++) {
        if (i) end = append(end, separator);
        end = append(end, (Bytes *)items[i].object);
    }
    return bytes;
}

/* As CPyBytes_Join for a list or a tuple: without the code that other iterables need. */
Bytes *bytes_join_sequence(const Bytes *separator, Object *sequence) {
    if (sequence->type == &PyList_Type)
        return join(separator, ((List *)sequence)->items, list_size(sequence));
    return join(separator, ((Tuple *)sequence)->items, tuple_size(sequence));
}

Bytes *CPyBytes_Join(Bytes *separator, Object *parts) {
    if (parts->type == &PyList_Type || parts->type == &PyTuple_Type)
        return bytes_join_sequence(separator, parts);
    if (!parts->type->iterate) {
        raise_standard_error(&Exc_TypeError_Type, "can only join an iterable");
        return NULL;
    }
    Object *list = PySequence_List(parts);
    if (!list) return NULL;
    Bytes *bytes = bytes_join_sequence(separator, list);
    DECREF(list);
    return bytes;
}
