/* slice objects. */

#include "slice.h"

#include "arguments.h"
#include "create.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "sequence.h"
#include "tuple.h"

static Object *reference_or_none(Object *object) {
    if (!object) object = NONE;
    INCREF(object);
    return object;
}

Object *PySlice_New(Object *start, Object *stop, Object *step) {
    Slice *slice = (Slice *)instance_new(&PySlice_Type);
    slice->start = reference_or_none(start);
    slice->stop = reference_or_none(stop);
    slice->step = reference_or_none(step);
    return (Object *)slice;
}

/* A bound as an integer; `fallback` for None. */
static bool bound(Object *object, int64_t fallback, int64_t *value) {
    *value = fallback;
    if (object == NONE || int_from_index(object, value)) return true;
    if (error_clear_if(&Exc_TypeError_Type)) {
        raise_standard_error(&Exc_TypeError_Type, "slice indices must be integers or None or have "
                                                  "an __index__ method");
    }
    return false;
}

/* Counted from the front and into [low, high]. */
static int64_t clip(int64_t index, int64_t size, int64_t low, int64_t high) {
    if (index < 0) index += size;
    return index < low ? low : index > high ? high : index;
}

bool slice_select(Object *object, int64_t size, Selection *selection) {
    const Slice *slice = (Slice *)object;
    int64_t start, stop, step;
    if (!bound(slice->step, 1, &step)) return false;
    if (step == 0) {
        raise_standard_error(&Exc_ValueError_Type, "slice step cannot be zero");
        return false;
    }
    bool forward = step > 0;
    if (step == INT64_MIN) step++;
    /* No item lies at -1 or at size: where a walk backwards or forwards ends. */
    int64_t low = forward ? 0 : -1, high = forward ? size : size - 1;
    if (!bound(slice->start, forward ? low : high, &start)) return false;
    if (!bound(slice->stop, forward ? high : low, &stop)) return false;
    if (slice->start != NONE) start = clip(start, size, low, high);
    if (slice->stop != NONE) stop = clip(stop, size, low, high);
    int64_t distance = forward ? stop - start : start - stop;
    int64_t width = forward ? step : -step;
    *selection = (Selection){start, stop, step, distance > 0 ? (distance - 1) / width + 1 : 0};
    return true;
}

Object *property__slice__start(Object *self) { return reference_or_none(((Slice *)self)->start); }

Object *property__slice__stop(Object *self) { return reference_or_none(((Slice *)self)->stop); }

Object *property__slice__step(Object *self) { return reference_or_none(((Slice *)self)->step); }

Object *method__slice__indices(Object *self, Object *const *args, int64_t count, Tuple *names) {
    int64_t size;
    Selection selection;
    if (!arguments_check("indices", count, names, 1, 1) || !int_from_index(args[0], &size)) return NULL;
    if (size < 0) {
        raise_standard_error(&Exc_ValueError_Type, "length should not be negative");
        return NULL;
    }
    if (!slice_select(self, size, &selection)) return NULL;
    Object *parts[] = {int_new(selection.start), int_new(selection.stop), int_new(selection.step)};
    Object *indices = tuple_from_array(parts, 3);
    for (int i = 0; i < 3; i++) DECREF(parts[i]);
    return indices;
}

static Object *slice_repr(Object *self) {
    const Slice *slice = (Slice *)self;
    Object *parts[] = {slice->start, slice->stop, slice->step};
    Builder builder = builder_new();
    for (int i = 0; i < 3; i++) {
        builder_add_c(&builder, i ? ", " : "slice(");
        if (!builder_add_repr(&builder, parts[i])) {
            builder_abandon(&builder);
            return NULL;
        }
    }
    builder_add_char(&builder, ')');
    return (Object *)builder_finish(&builder);
}

CREATE(slice) {
    (void)type;
    if (!arguments_check("slice", count, names, 1, 3)) return NULL;
    if (count == 1) return PySlice_New(NULL, args[0], NULL);
    return PySlice_New(args[0], args[1], count == 3 ? args[2] : NULL);
}

static const uint16_t slice_references[] = {offsetof(Slice, start), offsetof(Slice, stop),
                                            offsetof(Slice, step), 0};

Type PySlice_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "slice",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Slice),
    .references = slice_references,
    .dealloc = instance_dealloc,
    .repr = slice_repr,
    .str = slice_repr,
    .create = slice_create,
};
