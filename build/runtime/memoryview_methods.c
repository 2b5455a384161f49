/* memoryview: methods and properties, found by name. */

#include "int.h"
#include "list.h"
#include "memoryview.h"
#include "methods.h"
#include "str.h"
#include "tuple.h"

METHOD(memoryview, tobytes) {
    /* The order is one of dimensions, of which there is one. */
    static const Signature signature = {"memoryview.tobytes", 0, 1, {"order", NULL}};
    Object *order;
    if (!arguments_bind(&signature, args, count, names, &order)) return NULL;
    const MemoryView *view = memoryview_in_use(self);
    return view ? (Object *)memoryview_bytes(view) : NULL;
}

METHOD(memoryview, tolist) {
    EXPECT("memoryview.tolist", 0, 0);
    const MemoryView *view = memoryview_in_use(self);
    if (!view) return NULL;
    List *list = list_with_capacity(view->var.size);
    for (int64_t i = 0; i < view->var.size; i++)
        list_append_stolen(list, int_new(memoryview_byte(view, i)));
    return (Object *)list;
}

METHOD(bytes, hex);

METHOD(memoryview, hex) {
    const MemoryView *view = memoryview_in_use(self);
    Bytes *copy = view ? memoryview_bytes(view) : NULL;
    if (!copy) return NULL;
    Object *digits = method__bytes__hex((Object *)copy, args, count, names);
    DECREF(copy);
    return digits;
}

METHOD(memoryview, toreadonly) {
    EXPECT("memoryview.toreadonly", 0, 0);
    const MemoryView *view = memoryview_in_use(self);
    return view ? memoryview_new(view->base, view->data, view->var.size, view->step) : NULL;
}

static void release(Object *self) {
    MemoryView *view = (MemoryView *)self;
    Bytes *base = view->base;
    if (!base) return;
    view->base = NULL;
    self->type = &ReleasedView_Type;
    DECREF(base);
}

METHOD(memoryview, release) {
    EXPECT("memoryview.release", 0, 0);
    release(self);
    return none_new_reference();
}

METHOD(memoryview, __enter__) {
    EXPECT("memoryview.__enter__", 0, 0);
    if (!memoryview_in_use(self)) return NULL;
    INCREF(self);
    return self;
}

METHOD(memoryview, __exit__) {
    release(self);
    return none_new_reference();
}

/* Of a view that is not released. */
#define PROPERTY(name, value)                                   \
    Object *property__memoryview__##name(Object *self) {        \
        const MemoryView *view = memoryview_in_use(self);       \
        return view ? (value) : NULL;                           \
    }

static Object *tuple_of(int64_t number) {
    Object *tuple = PyTuple_New(1);
    ((Tuple *)tuple)->items[0].object = int_new(number);
    return tuple;
}

static Object *is_dense(const MemoryView *view) {
    return bool_object(view->var.head.type == &PyMemoryView_Type);
}

static Object *base_of(const MemoryView *view) {
    INCREF(view->base);
    return (Object *)view->base;
}

PROPERTY(nbytes, int_new(view->var.size))
PROPERTY(itemsize, int_new(1))
PROPERTY(ndim, int_new(1))
PROPERTY(format, (Object *)str_from_c("B"))
PROPERTY(readonly, bool_object(true))
PROPERTY(shape, tuple_of(view->var.size))
PROPERTY(strides, tuple_of(view->step))
PROPERTY(contiguous, is_dense(view))
PROPERTY(c_contiguous, is_dense(view))
PROPERTY(f_contiguous, is_dense(view))
PROPERTY(obj, base_of(view))
