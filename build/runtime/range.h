/* range objects. mypyc lowers `for i in range(...)` to arithmetic; these are for all other uses. */

#ifndef MIXER2_RANGE_H
#define MIXER2_RANGE_H

#include "object.h"

typedef struct Range {
    Object head;
    int64_t start;
    int64_t stop;
    int64_t step;  /* not 0 */
    int64_t size;
} Range;

extern Type PyRange_Type;
extern Type RangeIterator_Type;

static inline bool is_range(const Object *object) { return object->type == &PyRange_Type; }

Object *range_new(int64_t start, int64_t stop, int64_t step);
/* An iterator over the same numbers backwards. */
Object *range_iterate_reversed(Object *range);

char PyRange_Check(Object *object);

#endif
