/* The slots of PyUnicode_Type. */

#ifndef MIXER2_STR_SLOTS_H
#define MIXER2_STR_SLOTS_H

#include "object.h"

Object *str_repr(Object *self);
Object *str_str_slot(Object *self);
int64_t str_hash_slot(Object *self);
Object *str_compare_slot(Object *left, Object *right, int operator);
int str_truth_slot(Object *self);
int64_t str_length_slot(Object *self);
int str_contains_slot(Object *self, Object *item);
Object *str_get_item_slot(Object *self, Object *key);
Object *str_iterate_slot(Object *self);
Object *str_binary_slot(Object *left, Object *right, int operator);
Object *str_create_slot(const Type *type, Object *const *args, int64_t count, Tuple *names);

#endif
