/* Named tuples: tuples of a type of their own, which knows the names of the items. The compiler lays
   the names and defaults out behind the type object (emit/named_tuples.py). */

#ifndef MIXER2_NAMED_TUPLE_H
#define MIXER2_NAMED_TUPLE_H

#include "str.h"
#include "tuple.h"

typedef struct Item {
    Str *name;
    Object *value; /* the default; NULL: none */
} Item;

typedef struct Items {
    uint32_t count;
    Item items[];
} Items;

static inline const Items *items_of(const Type *type) { return (const Items *)type->vtable[0]; }

Object *named_tuple_create(const Type *type, Object *const *args, int64_t count, Tuple *names);
Object *named_tuple_repr(Object *self);

/* The methods, for attribute tables; _make is one of the class. */
Object *named_tuple_replace(Object *self, Object *const *args, int64_t count, Tuple *names);
Object *named_tuple_as_dict(Object *self, Object *const *args, int64_t count, Tuple *names);
Object *named_tuple_make(Object *class, Object *const *args, int64_t count, Tuple *names);

#endif
