/* bytearray: methods called by name that leave the array as it is. They are those of bytes, on a copy: an
   array is a place to gather what came, and is mostly short when somebody looks into it. */

#include "bytearray.h"
#include "list.h"
#include "methods.h"
#include "tuple.h"

typedef Object *Method(Object *self, Object *const *args, int64_t count, Tuple *names);

/* The method's answer for the array's bytes. */
static Object *as_bytes(Object *self, Object *const *args, int64_t count, Tuple *names,
                        Method *method) {
    Span data;
    bytes_like(self, &data);
    Object *bytes = (Object *)bytes_new(data.data, data.size);
    Object *answer = method(bytes, args, count, names);
    DECREF(bytes);
    return answer;
}

/* Takes over `bytes`; NULL stays NULL. */
static Object *array_of(Object *bytes) {
    if (!bytes) return NULL;
    ByteArray *array = bytearray_new(bytes_span((Bytes *)bytes));
    DECREF(bytes);
    return (Object *)array;
}

static void make_arrays(Slot *items, int64_t count) {
    for (int64_t i = 0; i < count; i++) items[i].object = array_of(items[i].object);
}

static Object *list_of_arrays(Object *list) {
    if (list) make_arrays(((List *)list)->items, list_size(list));
    return list;
}

static Object *tuple_of_arrays(Object *tuple) {
    if (tuple) make_arrays(((Tuple *)tuple)->items, tuple_size(tuple));
    return tuple;
}

#define AS_IT_IS(object) (object)

#define VIEW(name, convert)                                                                        \
    Method method__bytes__##name;                                                                  \
    METHOD(bytearray, name) {                                                                      \
        return convert(as_bytes(self, args, count, names, method__bytes__##name));                 \
    }

VIEW(find, AS_IT_IS)
VIEW(rfind, AS_IT_IS)
VIEW(index, AS_IT_IS)
VIEW(rindex, AS_IT_IS)
VIEW(count, AS_IT_IS)
VIEW(startswith, AS_IT_IS)
VIEW(endswith, AS_IT_IS)
VIEW(decode, AS_IT_IS)
VIEW(hex, AS_IT_IS)
VIEW(isdigit, AS_IT_IS)
VIEW(isalpha, AS_IT_IS)
VIEW(isalnum, AS_IT_IS)
VIEW(isspace, AS_IT_IS)
VIEW(isascii, AS_IT_IS)
VIEW(lower, array_of)
VIEW(upper, array_of)
VIEW(strip, array_of)
VIEW(lstrip, array_of)
VIEW(rstrip, array_of)
VIEW(removeprefix, array_of)
VIEW(removesuffix, array_of)
VIEW(replace, array_of)
VIEW(translate, array_of)
VIEW(join, array_of)
VIEW(ljust, array_of)
VIEW(rjust, array_of)
VIEW(center, array_of)
VIEW(zfill, array_of)
VIEW(split, list_of_arrays)
VIEW(rsplit, list_of_arrays)
VIEW(splitlines, list_of_arrays)
VIEW(partition, tuple_of_arrays)
VIEW(rpartition, tuple_of_arrays)
