/* bytes(...): from a size, from text with an encoding, from an iterable of ints. */

#include "arguments.h"
#include "bytearray.h"
#include "bytes.h"
#include "bytes_slots.h"
#include "codec.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "memory.h"

static Bytes *zeros(int64_t count) {
    if (count < 0) {
        raise_standard_error(&Exc_ValueError_Type, "negative count");
        return NULL;
    }
    if (count > (int64_t)(MEMORY_LIMIT / 2)) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!memory_for(sizeof(Bytes) + (uint64_t)count)) return NULL;
    Bytes *bytes = bytes_reserve(count);
    memset(bytes->data, 0, (size_t)count);
    return bytes;
}

static bool store_byte(Object *item, char *to) {
    if (!is_int(item)) {
        raise_formatted(&Exc_TypeError_Type, "'%T' object cannot be interpreted as an integer",
                        item);
        return false;
    }
    int64_t value = int_value(item);
    if (value < 0 || value > 255) {
        raise_standard_error(&Exc_ValueError_Type, "bytes must be in range(0, 256)");
        return false;
    }
    *to = (char)value;
    return true;
}

/* bytes(a list) */
Bytes *bytes_of_list(Object *list) {
    Bytes *bytes = bytes_reserve(list_size(list));
    for (int64_t i = 0; i < list_size(list); i++) {
        if (store_byte(list_item(list, i), &bytes->data[i])) continue;
        DECREF(bytes);
        return NULL;
    }
    return bytes;
}

static Bytes *from_iterable(Object *iterable) {
    Object *list = PySequence_List(iterable);
    if (!list) return NULL;
    Bytes *bytes = bytes_of_list(list);
    DECREF(list);
    return bytes;
}

Bytes *PyBytes_FromObject(Object *object) {
    if (is_bytes(object)) {
        INCREF(object);
        return (Bytes *)object;
    }
    if (is_int(object)) return zeros(int_value(object));
    if (is_any_str(object)) {
        raise_standard_error(&Exc_TypeError_Type, "string argument without an encoding");
        return NULL;
    }
    Span data;
    if (bytes_like(object, &data)) return bytes_new(data.data, data.size);
    if (object->type->iterate) return from_iterable(object);
    raise_formatted(&Exc_TypeError_Type, "cannot convert '%T' object to bytes", object);
    return NULL;
}

enum { SOURCE, ENCODING, ERRORS, PARAMETERS };

static bool is_text(Object *value, const char *parameter) {
    if (!value || is_any_str(value)) return true;
    raise_formatted(&Exc_TypeError_Type, "bytes() argument '%s' must be str, not %N", parameter,
                    value);
    return false;
}

Object *bytes_create_slot(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    static const Signature signature = {"bytes", 0, 3, {"source", "encoding", "errors", NULL}};
    (void)type;
    Object *values[PARAMETERS];
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (!is_text(values[ENCODING], "encoding") || !is_text(values[ERRORS], "errors")) return NULL;
    if (!values[SOURCE]) return (Object *)bytes_empty();
    if (!values[ENCODING] && !values[ERRORS]) return (Object *)PyBytes_FromObject(values[SOURCE]);
    if (!is_any_str(values[SOURCE])) {
        raise_standard_error(&Exc_TypeError_Type, values[ENCODING]
                                                      ? "encoding without a string argument"
                                                      : "errors without a string argument");
        return NULL;
    }
    if (!values[ENCODING]) {
        raise_standard_error(&Exc_TypeError_Type, "string argument without an encoding");
        return NULL;
    }
    return (Object *)CPy_Encode(values[SOURCE], (Str *)values[ENCODING], (Str *)values[ERRORS]);
}
