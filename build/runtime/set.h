/* set and frozenset: tables (table.h) without values. They iterate in insertion order. */

#ifndef MIXER2_SET_H
#define MIXER2_SET_H

#include "table.h"

extern Type PySet_Type;
extern Type PyFrozenSet_Type;

static inline bool is_any_set(const Object *object) {
    return object->type == &PySet_Type || object->type == &PyFrozenSet_Type;
}

/* An empty set. */
Object *set_new(void);
/* A set of a given type, with the items of an iterable if it is not NULL. NULL on error. */
Object *set_from(const Type *type, Object *iterable);
bool set_update(Object *set, Object *iterable);
/* 1: added, 0: was there, -1: error. */
int set_add(Object *set, Object *item);

Object *PySet_New(Object *iterable);
Object *PyFrozenSet_New(Object *iterable);
char PySet_Check(Object *object);
char PyFrozenSet_Check(Object *object);
Py_ssize_t PySet_Size(Object *set);
int PySet_Contains(Object *set, Object *item);
int PySet_Add(Object *set, Object *item);
int PySet_Discard(Object *set, Object *item);
Object *PySet_Pop(Object *set);
int PySet_Clear(Object *set);
int _PySet_Update(Object *set, Object *iterable);
char CPySet_Remove(Object *set, Object *item);

#endif
