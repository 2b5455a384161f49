/* set and frozenset: the slots of the types, and their iterator. */

#include "arguments.h"
#include "create.h"
#include "dict_iterator.h"
#include "errors.h"
#include "generic.h"
#include "memory.h"
#include "none.h"
#include "sequence.h"
#include "set_algebra.h"

static bool add_items(Builder *builder, const Table *table) {
    uint32_t position = 0;
    const char *separator = "";
    for (Entry *entry; (entry = table_next(table, &position)); separator = ", ") {
        Object *key = entry->key;
        INCREF(key);
        builder_add_c(builder, separator);
        bool added = builder_add_repr(builder, key);
        DECREF(key);
        if (!added) return false;
    }
    return true;
}

/* {1, 2}, set(), frozenset({1, 2}), frozenset() */
static bool add_repr(Builder *builder, Object *self) {
    bool named = self->type != &PySet_Type || PySet_Size(self) == 0;
    if (named) {
        builder_add_c(builder, self->type->name);
        builder_add_char(builder, '(');
    }
    if (PySet_Size(self)) {
        builder_add_char(builder, '{');
        if (!add_items(builder, (Table *)self)) return false;
        builder_add_char(builder, '}');
    }
    if (named) builder_add_char(builder, ')');
    return true;
}

static Object *set_repr(Object *self) {
    ReprFrame frame;
    Builder builder = builder_new();
    bool done = true;
    if (repr_enter(&frame, self)) {
        done = add_repr(&builder, self);
        repr_leave(&frame);
    } else {
        builder_add_c(&builder, self->type->name);
        builder_add_c(&builder, "(...)");
    }
    if (done) return (Object *)builder_finish(&builder);
    builder_abandon(&builder);
    return NULL;
}

static int set_truth(Object *self) {
    return PySet_Size(self) != 0;
}

/* The same for every order of the items. */
static int64_t frozenset_hash(Object *self) {
    Table *table = (Table *)self;
    if (table->hash) return table->hash;
    uint32_t hash = (uint32_t)table->var.size * 1927868237u;
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(table, &position));) {
        uint32_t mixed = (entry->hash ^ 89869747u ^ entry->hash << 16) * 3644798167u;
        hash ^= mixed;
    }
    hash ^= hash >> 11 ^ hash >> 25;
    hash = hash * 69069u + 907133923u;
    table->hash = hash ? hash : 1;
    return table->hash;
}

static Object *set_next(Object *self) {
    const Entry *entry =
        table_iterator_step((TableIterator *)self, "Set changed size during iteration");
    if (!entry) return NULL;
    INCREF(entry->key);
    return entry->key;
}

static Object *set_iterate(Object *self) {
    return dict_iterator_new(&SetIterator_Type, self);
}

CREATE(set) {
    if (!arguments_check(type->name, count, names, 0, 1)) return NULL;
    Object *iterable = count ? args[0] : NULL;
    return type == &PyFrozenSet_Type ? PyFrozenSet_New(iterable) : set_from(type, iterable);
}

static const uint16_t iterator_references[] = {offsetof(TableIterator, table), 0};

Type SetIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "set_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(TableIterator),
    .references = iterator_references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .contains = object_contains_by_iteration,
    .iterate = iterator_self,
    .next = set_next,
};

#define SET_TYPE(symbol, name_, hash_)         \
    Type symbol = {                            \
        .head = STATIC_HEAD(&PyType_Type),     \
        .name = name_,                         \
        .base = &PyBaseObject_Type,            \
        .instance_size = sizeof(Table),        \
        .dealloc = table_dealloc,              \
        .repr = set_repr,                      \
        .str = set_repr,                       \
        .hash = hash_,                         \
        .compare = set_compare,                \
        .truth = set_truth,                    \
        .length = PySet_Size,                  \
        .contains = PySet_Contains,            \
        .iterate = set_iterate,                \
        .binary = set_binary,                  \
        .create = set_create,                  \
        .flags = TYPE_IS_TABLE,                \
    };

SET_TYPE(PySet_Type, "set", NULL)
SET_TYPE(PyFrozenSet_Type, "frozenset", frozenset_hash)
