/* bytearray: the slots of the type. */

#include "arguments.h"
#include "builder.h"
#include "bytearray.h"
#include "bytes_repr.h"
#include "codec.h"
#include "compare.h"
#include "errors.h"
#include "none.h"
#include "slice.h"
#include "tagged.h"

static Span span_of(const Object *self) {
    const ByteArray *array = (const ByteArray *)self;
    return (Span){array->data, (uint32_t)array->var.size};
}

static void bytearray_dealloc(Object *self) {
    mixer2_free(((ByteArray *)self)->block);
    mixer2_free(self);
}

/* CPython 3.11 puts a backslash before every single quote here, also between double quotes. */
static Object *bytearray_repr(Object *self) {
    Span data = span_of(self);
    Builder repr = builder_new();
    builder_add_c(&repr, "bytearray(");
    add_bytes_repr(&repr, data, bytes_quote(data), '\'');
    builder_add_char(&repr, ')');
    return (Object *)builder_finish(&repr);
}

static Object *bytearray_compare(Object *left, Object *right, int operator) {
    Span a, b;
    if (!bytes_like(left, &a) || !bytes_like(right, &b)) return not_implemented();
    uint32_t common = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.data, b.data, common);
    if (!order) order = (a.size > b.size) - (a.size < b.size);
    return compare_result(order, operator);
}

static int bytearray_truth(Object *self) { return ((VarObject *)self)->size != 0; }

static int64_t bytearray_length(Object *self) { return ((VarObject *)self)->size; }

static int bytearray_contains(Object *self, Object *item) {
    Span wanted;
    char byte;
    if (bytes_like(item, &wanted)) return search_forward(span_of(self), wanted) != NOT_FOUND;
    if (!is_int(item)) {
        raise_formatted(&Exc_TypeError_Type, "a bytes-like object is required, not '%T'", item);
        return -1;
    }
    if (!byte_from(item, &byte)) return -1;
    return search_forward(span_of(self), (Span){&byte, 1}) != NOT_FOUND;
}

/* The place of an int index; false with an error. */
static bool place_of(Object *self, Object *key, uint32_t *place) {
    int64_t index, size = ((VarObject *)self)->size;
    if (!is_int(key)) {
        raise_formatted(&Exc_TypeError_Type,
                        "bytearray indices must be integers or slices, not %T", key);
        return false;
    }
    index = int_value(key);
    if (index < 0) index += size;
    *place = (uint32_t)index;
    if (index >= 0 && index < size) return true;
    raise_standard_error(&Exc_IndexError_Type, "bytearray index out of range");
    return false;
}

static Object *bytearray_get_item(Object *self, Object *key) {
    uint32_t place;
    Selection selection;
    if (!is_slice(key))
        return place_of(self, key, &place) ? int_new((uint8_t)((ByteArray *)self)->data[place])
                                           : NULL;
    if (!slice_select(key, ((VarObject *)self)->size, &selection)) return NULL;
    ByteArray *picked = bytearray_new((Span){0});
    char *to = bytearray_splice(picked, 0, 0, (uint32_t)selection.count);
    for (int64_t i = 0; i < selection.count; i++)
        to[i] = ((ByteArray *)self)->data[selection.start + i * selection.step];
    return (Object *)picked;
}

/* del array[slice] with a step other than 1: the kept bytes close up. */
static void delete_steps(ByteArray *array, Selection selection) {
    if (!selection.count) return;
    if (selection.step < 0) {
        selection.start += (selection.count - 1) * selection.step;
        selection.step = -selection.step;
    }
    int64_t to = selection.start;
    for (int64_t from = selection.start; from < array->var.size; from++) {
        int64_t steps = (from - selection.start) / selection.step;
        bool deleted = (from - selection.start) % selection.step == 0 && steps < selection.count;
        if (!deleted) array->data[to++] = array->data[from];
    }
    array->var.size = to;
}

static int set_slice(ByteArray *array, Selection selection, Span data) {
    if (selection.step == 1) {
        memcpy(bytearray_splice(array, (uint32_t)selection.start, (uint32_t)selection.count,
                                data.size),
               data.data, data.size);
        return 0;
    }
    if (!data.size) {
        delete_steps(array, selection);
        return 0;
    }
    if (data.size != selection.count) {
        raise_formatted(&Exc_ValueError_Type,
                        "attempt to assign bytes of size %d to extended slice of size %d",
                        (int64_t)data.size, selection.count);
        return -1;
    }
    for (int64_t i = 0; i < selection.count; i++)
        array->data[selection.start + i * selection.step] = data.data[i];
    return 0;
}

/* The value of an assignment to a slice: a copy, since it may be a part of the array itself. NULL with an
   error. */
static ByteArray *slice_value(Object *value) {
    if (!value) return bytearray_new((Span){0});
    if (!is_int(value) && value->type != &PyUnicode_Type)
        return PyByteArray_FromObject(value);
    raise_standard_error(&Exc_TypeError_Type,
                         "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    return NULL;
}

static int set_byte(Object *self, Object *key, Object *value) {
    uint32_t place;
    char byte;
    /* A wrong value is told before a wrong index, as by CPython, but not before a key that is none. */
    if (is_int(key) && !byte_from(value, &byte)) return -1;
    if (!place_of(self, key, &place)) return -1;
    ((ByteArray *)self)->data[place] = byte;
    return 0;
}

static int delete_byte(Object *self, Object *key) {
    uint32_t place;
    if (!place_of(self, key, &place)) return -1;
    bytearray_splice((ByteArray *)self, place, 1, 0);
    return 0;
}

static int bytearray_set_item(Object *self, Object *key, Object *value) {
    ByteArray *array = (ByteArray *)self;
    Selection selection;
    if (!is_slice(key)) return value ? set_byte(self, key, value) : delete_byte(self, key);
    ByteArray *source = slice_value(value);
    if (!source) return -1;
    int result = -1;
    if (slice_select(key, array->var.size, &selection))
        result = set_slice(array, selection, span_of((Object *)source));
    DECREF(source);
    return result;
}

static Object *concatenate(Object *left, Object *right) {
    Span a, b;
    if (!(is_bytes(left) || is_bytearray(left)) || !bytes_like(left, &a) || !bytes_like(right, &b)) return not_implemented();
    ByteArray *sum = bytearray_new(a);
    bytearray_extend(sum, b);
    return (Object *)sum;
}

static Object *repeat(Object *self, int64_t times) {
    Span data = span_of(self);
    ByteArray *product = bytearray_new((Span){0});
    if (times > 0 && data.size && times > (int64_t)(MEMORY_LIMIT / 4 / data.size)) {
        DECREF(product);
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    while (times-- > 0) bytearray_extend(product, data);
    return (Object *)product;
}

static Object *bytearray_binary(Object *left, Object *right, int operator) {
    if (operator == (BINARY_ADD | BINARY_IN_PLACE) && is_bytearray(left)) {
        Span data;
        if (!bytes_like(right, &data)) return not_implemented();
        bytearray_extend((ByteArray *)left, data);
        INCREF(left);
        return left;
    }
    operator &= ~BINARY_IN_PLACE;
    if (operator == BINARY_ADD) return concatenate(left, right);
    if (operator != BINARY_MULTIPLY) return not_implemented();
    Object *array = is_bytearray(left) ? left : right;
    Object *count = is_bytearray(left) ? right : left;
    return is_int(count) ? repeat(array, int_value(count)) : not_implemented();
}

static Object *bytearray_create(const Type *type, Object *const *args, int64_t count,
                                Tuple *names) {
    static const Signature signature = {"bytearray", 0, 3, {"source", "encoding", "errors", NULL}};
    (void)type;
    Object *values[3];
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (!values[0]) return (Object *)bytearray_new((Span){0});
    if (!values[1]) return (Object *)PyByteArray_FromObject(values[0]);
    if (!is_any_str(values[0]) || !is_any_str(values[1]) || (values[2] && !is_any_str(values[2]))) {
        raise_standard_error(&Exc_TypeError_Type, "encoding without a string argument");
        return NULL;
    }
    Bytes *encoded = CPy_Encode(values[0], (Str *)values[1], (Str *)values[2]);
    if (!encoded) return NULL;
    ByteArray *array = bytearray_new(bytes_span(encoded));
    DECREF(encoded);
    return (Object *)array;
}

Object *bytearray_iterate(Object *self);

Type PyByteArray_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "bytearray",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(ByteArray),
    .dealloc = bytearray_dealloc,
    .repr = bytearray_repr,
    .str = bytearray_repr,
    .compare = bytearray_compare,
    .truth = bytearray_truth,
    .length = bytearray_length,
    .contains = bytearray_contains,
    .get_item = bytearray_get_item,
    .set_item = bytearray_set_item,
    .iterate = bytearray_iterate,
    .binary = bytearray_binary,
    .create = bytearray_create,
    .flags = TYPE_IS_BYTEARRAY | TYPE_CONCATENATES,
};
