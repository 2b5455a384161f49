/* separator.join(parts) */

#include "bytearray.h"
#include "errors.h"
#include "generic.h"
#include "list.h"
#include "memory.h"
#include "tuple.h"

/* The size of all items together; -1 with an error. */
static int64_t total_size(const Slot *items, int64_t count) {
    int64_t size = 0;
    for (int64_t i = 0; i < count; i++) {
        Span data;
        if (!bytes_like(items[i].object, &data)) {
            raise_formatted(&Exc_TypeError_Type,
                            "sequence item %d: expected a bytes-like object, %T found", i,
                            items[i].object);
            return -1;
        }
        size += data.size;
    }
    return size;
}

static char *append(char *end, Span data) {
    memcpy(end, data.data, data.size);
    return end + data.size;
}

static Bytes *join(const Bytes *separator, const Slot *items, int64_t count) {
    int64_t size = total_size(items, count);
    if (size < 0) return NULL;
    if (count == 0) return bytes_empty();
    if (count == 1 && is_bytes(items[0].object)) {
        INCREF(items[0].object);
        return (Bytes *)items[0].object;
    }
    size += separator->var.size * (count - 1);
    if (!memory_for(sizeof(Bytes) + (uint64_t)size)) return NULL;
    Bytes *bytes = bytes_reserve(size);
    char *end = bytes->data;
    for (int64_t i = 0; i < count; i++) {
        Span data = {0};
        bytes_like(items[i].object, &data);
        if (i) end = append(end, bytes_span(separator));
        end = append(end, data);
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
