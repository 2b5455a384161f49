/* The slots of PyBytes_Type. */

#ifndef MIXER2_BYTES_SLOTS_H
#define MIXER2_BYTES_SLOTS_H

#include "object.h"

Object *bytes_repr(Object *self);
Object *bytes_bytes_slot(Object *self);
int64_t bytes_hash_slot(Object *self);
Object *bytes_compare_slot(Object *left, Object *right, int operator);
int bytes_truth_slot(Object *self);
int64_t bytes_length_slot(Object *self);
int bytes_contains_slot(Object *self, Object *item);
Object *bytes_get_item_slot(Object *self, Object *key);
Object *bytes_iterate_slot(Object *self);
Object *bytes_binary_slot(Object *left, Object *right, int operator);
Object *bytes_create_slot(const Type *type, Object *const *args, int64_t count, Tuple *names);

#endif
