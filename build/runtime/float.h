/* float objects and the text of doubles. */

#ifndef MIXER2_FLOAT_H
#define MIXER2_FLOAT_H

#include "object.h"

#define FLOAT_ERROR (-113.0)

extern Type PyFloat_Type;

static inline bool is_float(const Object *object) { return object->type == &PyFloat_Type; }
static inline double float_value(const Object *object) { return ((const Float *)object)->value; }

Object *float_new(double value);
/* The value of a float, or of an int; false, without an error, for anything else. */
bool float_from_number(const Object *object, double *value);
/* The value of anything with __float__ or __index__; false with TypeError otherwise. */
bool float_from_object(Object *object, double *value);

/* x // y and x % y as CPython defines them; y is not 0. */
void float_divide(double x, double y, double *quotient, double *remainder);
/* x - trunc(x / y) * y, exact. */
double float_remainder(double x, double y);
/* As CPython: equal numbers of any type have equal hashes. */
int64_t float_hash_value(double value);

Object *PyFloat_FromDouble(double value);
double PyFloat_AsDouble(Object *object);
char PyFloat_Check(Object *object);
char CPyFloat_Check(Object *object);
Object *PyFloat_FromString(Object *text);
double CPyFloat_FromTagged(Tagged value);
Tagged CPyTagged_FromFloat(double value);

#endif
