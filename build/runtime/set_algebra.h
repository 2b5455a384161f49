/* Sets compared and combined. Operands are tables of any set type. */

#ifndef MIXER2_SET_ALGEBRA_H
#define MIXER2_SET_ALGEBRA_H

#include "set.h"

/* -1 on error. */
int set_is_subset(Object *left, Object *right);
/* As Type.compare: subset and superset order. */
Object *set_compare(Object *left, Object *right, int operator);
/* As Type.binary: | & - ^, a new set of the left operand's type. */
Object *set_binary(Object *left, Object *right, int operator);

/* Leave in `set` what is (not) in `other`; false on error. */
bool set_keep(Object *set, Object *other, bool in_other);
/* Exchanges what both have for what one has. */
bool set_toggle(Object *set, Object *other);
/* A new set of the same type and items. */
Object *set_copy(Object *set);

extern Type SetIterator_Type;

#endif
