/* slice objects, and what they select of a sequence. */

#ifndef MIXER2_SLICE_H
#define MIXER2_SLICE_H

#include "object.h"

typedef struct Slice {
    Object head;
    Object *start; /* None: not given */
    Object *stop;
    Object *step;
} Slice;

extern Type PySlice_Type;

static inline bool is_slice(const Object *object) { return object->type == &PySlice_Type; }

/* `count` items from `start` on, `step` apart (negative: backwards). */
typedef struct Selection {
    int64_t start;
    int64_t stop; /* where a walk over the items ends; it may lie before the start */
    int64_t step;
    int64_t count;
} Selection;

/* Resolves a slice for a sequence of `size` items. False with an error: a bound is no integer, or
   the step is 0. */
bool slice_select(Object *slice, int64_t size, Selection *selection);

/* NULL stands for None. */
Object *PySlice_New(Object *start, Object *stop, Object *step);

#endif
