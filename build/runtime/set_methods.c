/* set and frozenset: methods called by name. Operands may be any iterables. */

#include "int.h"
#include "memory.h"
#include "methods.h"
#include "set_algebra.h"

METHOD(set, add) {
    EXPECT("set.add", 1, 1);
    return none_if(set_add(self, args[0]) >= 0);
}

METHOD(set, remove) {
    EXPECT("set.remove", 1, 1);
    return none_if(CPySet_Remove(self, args[0]));
}

METHOD(set, discard) {
    EXPECT("set.discard", 1, 1);
    return none_if(PySet_Discard(self, args[0]) >= 0);
}

METHOD(set, pop) {
    EXPECT("set.pop", 0, 0);
    return PySet_Pop(self);
}

METHOD(set, clear) {
    EXPECT("set.clear", 0, 0);
    PySet_Clear(self);
    return none_new_reference();
}

/* The operand as a set: a new reference, or NULL with an error. */
static Object *as_set(Object *iterable) {
    if (!is_any_set(iterable)) return PySet_New(iterable);
    INCREF(iterable);
    return iterable;
}

typedef bool (*Combine)(Object *set, Object *other);

static bool keep_common(Object *set, Object *other) {
    return set_keep(set, other, true);
}

static bool keep_own(Object *set, Object *other) {
    return set_keep(set, other, false);
}

/* self op= each of the operands. */
static bool combine_all(Object *self, Object *const *args, int64_t count, Combine combine) {
    for (int64_t i = 0; i < count; i++) {
        Object *other = as_set(args[i]);
        if (!other) return false;
        bool done = combine(self, other);
        DECREF(other);
        if (!done) return false;
    }
    return true;
}

static Object *combined(Object *self, Object *const *args, int64_t count, Combine combine) {
    Object *result = set_copy(self);
    if (combine_all(result, args, count, combine)) return result;
    DECREF(result);
    return NULL;
}

#define ANY INT64_MAX

#define COMBINATION(name, combine, maximum)                    \
    METHOD(set, name) {                                        \
        EXPECT("set." #name, maximum == 1, maximum);           \
        return combined(self, args, count, combine);           \
    }                                                          \
    METHOD(frozenset, name) {                                  \
        EXPECT("frozenset." #name, maximum == 1, maximum);     \
        return combined(self, args, count, combine);           \
    }

COMBINATION(union, set_update, ANY)
COMBINATION(intersection, keep_common, ANY)
COMBINATION(difference, keep_own, ANY)
COMBINATION(symmetric_difference, set_toggle, 1)

#define CHANGE(name, combine, maximum)                             \
    METHOD(set, name) {                                            \
        EXPECT("set." #name, maximum == 1, maximum);               \
        return none_if(combine_all(self, args, count, combine));   \
    }

CHANGE(update, set_update, ANY)
CHANGE(difference_update, keep_own, ANY)
CHANGE(symmetric_difference_update, set_toggle, 1)

/* All or nothing: as CPython does here, and only here. */
METHOD(set, intersection_update) {
    EXPECT("set.intersection_update", 0, ANY);
    Object *result = combined(self, args, count, keep_common);
    if (!result) return NULL;
    table_exchange((Table *)self, (Table *)result);
    DECREF(result);
    return none_new_reference();
}

static Object *truth_or_error(int truth) {
    return truth < 0 ? NULL : bool_object(truth);
}

static int is_disjoint(Object *self, Object *other) {
    int disjoint = 1;
    uint32_t position = 0;
    for (Entry *entry; disjoint == 1 && (entry = table_next((Table *)other, &position));) {
        int64_t found = table_find((Table *)self, entry->key, entry->hash);
        if (found != TABLE_MISSING) disjoint = found == TABLE_ERROR ? -1 : 0;
    }
    return disjoint;
}

static int is_superset(Object *self, Object *other) {
    return set_is_subset(other, self);
}

static Object *ask(Object *self, Object *iterable, int (*question)(Object *, Object *)) {
    Object *other = as_set(iterable);
    if (!other) return NULL;
    Object *answer = truth_or_error(question(self, other));
    DECREF(other);
    return answer;
}

#define QUESTION(name, question)                        \
    METHOD(set, name) {                                 \
        EXPECT("set." #name, 1, 1);                     \
        return ask(self, args[0], question);            \
    }                                                   \
    METHOD(frozenset, name) {                           \
        EXPECT("frozenset." #name, 1, 1);               \
        return ask(self, args[0], question);            \
    }

QUESTION(isdisjoint, is_disjoint)
QUESTION(issubset, set_is_subset)
QUESTION(issuperset, is_superset)

METHOD(set, copy) {
    EXPECT("set.copy", 0, 0);
    return set_copy(self);
}

METHOD(frozenset, copy) {
    EXPECT("frozenset.copy", 0, 0);
    INCREF(self);
    return self;
}
