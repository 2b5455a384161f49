/* int objects: boxed 64-bit integers. Arithmetic is exact to 63 bits, as in registers (tagged.h). */

#ifndef MIXER2_INT_H
#define MIXER2_INT_H

#include "object.h"
#include "tagged.h"

extern Type PyLong_Type;
extern Type PyBool_Type;
extern Int _Py_TrueStruct;
extern Int _Py_FalseStruct;

/* int, bool or a class made from them: all have the layout of Int. */
static inline bool is_int(const Object *object) {
    return object->type->flags & TYPE_IS_INT;
}

static inline int64_t int_value(const Object *object) { return ((const Int *)object)->value; }

/* A new reference to True or False. */
static inline Object *bool_object(bool value) {
    Object *object = (Object *)(value ? &_Py_TrueStruct : &_Py_FalseStruct);
    INCREF(object);
    return object;
}

Object *int_new(int64_t value);

static inline uint64_t int_magnitude(int64_t value) {
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* False when the product of two 63-bit values takes more than 63 bits. */
bool int_multiply(int64_t left, int64_t right, int64_t *product);

/* left / right, correctly rounded; right is not 0. */
double int_true_divide(int64_t left, int64_t right);

/* The value of an int, or of what has __index__; false with TypeError otherwise. */
bool int_from_index(Object *object, int64_t *value);

/* As CPython: equal numbers of any type have equal hashes. */
int64_t int_hash_value(int64_t value);

/* Room for the digits of 64 bits in base 2. */
#define INT_DIGITS_MAX 64

/* Writes the digits of `value` in `base` (2 to 36), lower case, so that they end at `end`, and
   returns where they begin. */
char *int_digits(char *end, uint64_t value, uint32_t base);

/* The same for the decimal text of a number, which has up to INT_DECIMAL_MAX characters. */
#define INT_DECIMAL_MAX 20
char *int_decimal(char *end, int64_t value);

typedef enum IntSyntax { INT_VALID, INT_INVALID, INT_OVERFLOW } IntSyntax;

/* Reads a literal as int(text, base) does, with white space around it; base 0 takes it from the
   prefix. */
IntSyntax int_parse(const char *text, int64_t size, uint32_t base, int64_t *value);

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
Tagged CPyTagged_Add(Tagged left, Tagged right);
Tagged CPyTagged_Subtract(Tagged left, Tagged right);
Tagged CPyTagged_Multiply(Tagged left, Tagged right);
Tagged CPyTagged_FloorDivide(Tagged left, Tagged right);
Tagged CPyTagged_Remainder(Tagged left, Tagged right);
Tagged CPyTagged_Lshift(Tagged left, Tagged right);
Tagged CPyTagged_Rshift(Tagged left, Tagged right);
Tagged CPyTagged_Negate(Tagged value);
Tagged CPyTagged_Invert(Tagged value);
Tagged CPyTagged_And(Tagged left, Tagged right);
Tagged CPyTagged_Or(Tagged left, Tagged right);
Tagged CPyTagged_Xor(Tagged left, Tagged right);
Tagged CPyTagged_BitLength(Tagged value);
Str *CPyTagged_Str(Tagged value);
Str *CPyBool_Str(char value);
Bytes *CPyTagged_ToBytes(Tagged value, Py_ssize_t length, Object *order, char is_signed);
Bytes *CPyTagged_ToBigEndianBytes(Tagged value, Py_ssize_t length, char is_signed);
Bytes *CPyTagged_ToLittleEndianBytes(Tagged value, Py_ssize_t length, char is_signed);

#endif
