/* memoryview: the slots of the types. */

#include "memoryview.h"

#include "arguments.h"
#include "builder.h"
#include "compare.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "none.h"
#include "slice.h"

static bool is_view(const Object *object) {
    return object->type == &PyMemoryView_Type || object->type->base == &PyMemoryView_Type;
}

const MemoryView *memoryview_in_use(Object *self) {
    const MemoryView *view = (const MemoryView *)self;
    if (view->base) return view;
    raise_standard_error(&Exc_ValueError_Type, "operation forbidden on released memoryview object");
    return NULL;
}

Object *memoryview_new(Bytes *base, const char *data, int64_t count, int64_t step) {
    bool is_dense = step == 1 || count == 1; /* as CPython has it, also of none */
    MemoryView *view =
        (MemoryView *)instance_new(is_dense ? &PyMemoryView_Type : &StridedView_Type);
    INCREF(base);
    view->base = base;
    view->data = data;
    view->var.size = count;
    view->step = (int32_t)step;
    return (Object *)view;
}

Bytes *memoryview_bytes(const MemoryView *view) {
    if (!memory_for(sizeof(Bytes) + (uint64_t)view->var.size)) return NULL;
    Bytes *copy = bytes_reserve(view->var.size);
    for (int64_t i = 0; i < view->var.size; i++) copy->data[i] = (char)memoryview_byte(view, i);
    return copy;
}

static void view_dealloc(Object *self) {
    XDECREF(((MemoryView *)self)->base);
    mixer2_free(self);
}

static Object *view_repr(Object *self) {
    static const char digits[] = "0123456789abcdef";
    Builder repr = builder_new();
    builder_add_c(&repr, ((MemoryView *)self)->base ? "<memory at 0x" : "<released memory at 0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        builder_add_char(&repr, digits[(uintptr_t)self >> shift & 15]);
    builder_add_char(&repr, '>');
    return (Object *)builder_finish(&repr);
}

/* That of the bytes. A view that was asked before it was released goes on to answer, as in CPython. */
static int64_t view_hash(Object *self) {
    MemoryView *view = (MemoryView *)self;
    if (view->hash) return view->hash;
    if (!memoryview_in_use(self)) return -1;
    Bytes *copy = memoryview_bytes(view);
    if (!copy) return -1;
    view->hash = bytes_hash(copy);
    DECREF(copy);
    return view->hash;
}

/* Whether the bytes are equal; false for what has none. */
static bool same_bytes(const MemoryView *view, Object *other) {
    Span span;
    int64_t step = 1;
    if (is_view(other)) {
        const MemoryView *second = (const MemoryView *)other;
        if (!second->base) return false;
        span = (Span){second->data, (uint32_t)second->var.size};
        step = second->step;
    } else if (!bytes_like(other, &span)) {
        return false;
    }
    if (span.size != view->var.size) return false;
    for (int64_t i = 0; i < view->var.size; i++)
        if (memoryview_byte(view, i) != (uint8_t)span.data[i * step]) return false;
    return true;
}

static Object *view_compare(Object *left, Object *right, int operator) {
    if (operator != Py_EQ && operator != Py_NE) return not_implemented();
    Object *self = is_view(left) ? left : right, *other = is_view(left) ? right : left;
    const MemoryView *view = (const MemoryView *)self;
    Span span;
    if (view->base && !is_view(other) && !bytes_like(other, &span)) return not_implemented();
    bool equal = view->base ? same_bytes(view, other) : self == other;
    return bool_object(equal == (operator == Py_EQ));
}

static int64_t view_length(Object *self) {
    const MemoryView *view = memoryview_in_use(self);
    return view ? view->var.size : -1;
}

static int view_truth(Object *self) {
    const MemoryView *view = memoryview_in_use(self);
    return view ? view->var.size != 0 : -1;
}

static Object *item(const MemoryView *view, int64_t index) {
    if (index < 0) index += view->var.size;
    if (index >= 0 && index < view->var.size) return int_new(memoryview_byte(view, index));
    raise_standard_error(&Exc_IndexError_Type, "index out of bounds on dimension 1");
    return NULL;
}

static Object *view_get_item(Object *self, Object *key) {
    Selection selection;
    const MemoryView *view = memoryview_in_use(self);
    if (!view) return NULL;
    if (is_int(key)) return item(view, int_value(key));
    if (!is_slice(key)) {
        raise_standard_error(&Exc_TypeError_Type, "memoryview: invalid slice key");
        return NULL;
    }
    if (!slice_select(key, view->var.size, &selection)) return NULL;
    /* Where nothing is selected, the start may lie beside the data. */
    int64_t start = selection.count ? selection.start : 0;
    return memoryview_new(view->base, view->data + start * view->step, selection.count,
                          selection.step * view->step);
}

static int view_set_item(Object *self, Object *key, Object *value) {
    (void)key;
    (void)value;
    if (memoryview_in_use(self))
        raise_standard_error(&Exc_TypeError_Type, "cannot modify read-only memory");
    return -1;
}

static Object *view_create(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    static const Signature signature = {"memoryview", 1, 1, {"object", NULL}};
    (void)type;
    Object *given;
    if (!arguments_bind(&signature, args, count, names, &given)) return NULL;
    if (is_bytes(given)) {
        Bytes *bytes = (Bytes *)given;
        return memoryview_new(bytes, bytes->data, bytes->var.size, 1);
    }
    if (is_view(given)) {
        const MemoryView *view = memoryview_in_use(given);
        return view ? memoryview_new(view->base, view->data, view->var.size, view->step) : NULL;
    }
    if (is_bytearray(given))
        raise_standard_error(&Exc_TypeError_Type,
                             "memoryview of a bytearray is not in the dialect: view bytes");
    else
        raise_formatted(&Exc_TypeError_Type,
                        "memoryview: a bytes-like object is required, not '%T'", given);
    return NULL;
}

Object *memoryview_iterate(Object *self);

#define MEMORYVIEW_TYPE(symbol, base_, flags_)       \
    Type symbol = {                                  \
        .head = STATIC_HEAD(&PyType_Type),           \
        .name = "memoryview",                        \
        .base = base_,                               \
        .instance_size = sizeof(MemoryView),         \
        .dealloc = view_dealloc,                     \
        .repr = view_repr,                           \
        .str = view_repr,                            \
        .hash = view_hash,                           \
        .compare = view_compare,                     \
        .truth = view_truth,                         \
        .length = view_length,                       \
        .contains = object_contains_by_iteration,    \
        .get_item = view_get_item,                   \
        .set_item = view_set_item,                   \
        .iterate = memoryview_iterate,               \
        .create = view_create,                       \
        .flags = TYPE_IS_SEQUENCE | (flags_),        \
    };

MEMORYVIEW_TYPE(PyMemoryView_Type, &PyBaseObject_Type, TYPE_IS_VIEW)
MEMORYVIEW_TYPE(StridedView_Type, &PyMemoryView_Type, TYPE_STANDS_FOR_BASE)
MEMORYVIEW_TYPE(ReleasedView_Type, &PyMemoryView_Type, TYPE_STANDS_FOR_BASE)
