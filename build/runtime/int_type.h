/* The slots of int that bool shares, and literals. */

#ifndef MIXER2_INT_TYPE_H
#define MIXER2_INT_TYPE_H

#include "object.h"

Object *int_repr(Object *self);
int64_t int_hash(Object *self);
int int_truth(Object *self);
Object *int_compare(Object *left, Object *right, int operator);
Object *int_binary(Object *left, Object *right, int operator);
Object *int_unary(Object *self, int operator);

Object *CPyLong_FromStr(Object *text);
Object *CPyLong_FromStrWithBase(Object *text, Tagged base);
/* int(b"12", base) */
Object *int_from_bytes_literal(Object *bytes, int64_t base);

#endif
