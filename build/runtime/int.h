/* int objects: boxed 64-bit integers. Arithmetic is exact to 63 bits, as in registers (tagged.h). */

#ifndef MIXER2_INT_H
#define MIXER2_INT_H

#include "object.h"
#include "tagged.h"

extern Type PyLong_Type;
extern Type PyBool_Type;
extern Int _Py_TrueStruct;
extern Int _Py_FalseStruct;

/* int or bool: both have the layout of Int. */
static inline bool is_int(const Object *object) {
    return object->type == &PyLong_Type || object->type == &PyBool_Type;
}

static inline int64_t int_value(const Object *object) { return ((const Int *)object)->value; }

/* A new reference to True or False. */
static inline Object *bool_object(bool value) {
    Object *object = (Object *)(value ? &_Py_TrueStruct : &_Py_FalseStruct);
    INCREF(object);
    return object;
}

Object *int_new(int64_t value);

/* The value of anything with __index__; false on error. */
bool int_from_index(Object *object, int64_t *value);

/* Digits of `value` in `base` (2 to 36), lower case, without sign or prefix, backwards from `end`.
   Returns where they begin; at most 64 of them. */
char *int_digits(char *end, uint64_t value, unsigned base);

/* The number that `size` bytes spell as int(text, base) reads them. False with ValueError. */
bool int_parse(Object *source, const char *text, int64_t size, int base, int64_t *value);

Object *PyLong_FromLong(int32_t value);
Object *PyLong_FromLongLong(int64_t value);
char PyLong_Check(Object *object);
char PyBool_Check(Object *object);
Object *CPyTagged_AsObject(Tagged value);
Object *CPyTagged_StealAsObject(Tagged value);
Tagged CPyTagged_FromObject(Object *object);
Tagged CPyTagged_StealFromObject(Object *object);
Tagged CPyTagged_BorrowFromObject(Object *object);
Tagged CPyTagged_FromInt64(int64_t value);
Tagged CPyTagged_FromSsize_t(Py_ssize_t value);
Tagged CPyTagged_FloorDivide(Tagged left, Tagged right);
Tagged CPyTagged_Remainder(Tagged left, Tagged right);
Tagged CPyTagged_Lshift(Tagged left, Tagged right);
Tagged CPyTagged_Rshift(Tagged left, Tagged right);
Tagged CPyTagged_Multiply(Tagged left, Tagged right);
Tagged CPyTagged_Add(Tagged left, Tagged right);
Tagged CPyTagged_Subtract(Tagged left, Tagged right);
Tagged CPyTagged_Negate(Tagged value);
Tagged CPyTagged_BitLength(Tagged value);

#endif
