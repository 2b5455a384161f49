/* What list and tuple have in common: items in slots. */

#ifndef MIXER2_SEQUENCE_H
#define MIXER2_SEQUENCE_H

#include "builder.h"
#include "slots.h"

/* Where the items are now; an item's __eq__ may move a list's. */
typedef struct Items {
    const Slot *slots;
    int64_t size;
} Items;

typedef Items (*ItemsOf)(const Object *sequence);

/* Lexicographic; the answer of PyObject_RichCompare. */
Object *sequence_compare(Object *left, Object *right, int operator, ItemsOf items_of);
/* -1 on error. */
int sequence_contains(Object *sequence, Object *item, ItemsOf items_of);

/* A container whose repr is being written; it links to the one around it. */
typedef struct ReprFrame {
    const Object *container;
    struct ReprFrame *outer;
} ReprFrame;

/* False when the container contains itself; then there is nothing to leave. */
bool repr_enter(ReprFrame *frame, const Object *container);
void repr_leave(ReprFrame *frame);

/* Adds repr(object); false on error. */
bool builder_add_repr(Builder *builder, Object *object);
/* open, the items' reprs with ", " between them, close; or `recursive`. */
Object *sequence_repr(Object *sequence, ItemsOf items_of, const char *open, const char *close,
                      const char *recursive);

#endif
