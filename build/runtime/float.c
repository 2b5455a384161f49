/* float: boxing, conversions, and arithmetic that takes more than an instruction. Text is in
   float_text.c, the slots of the type in float_type.c. */

#include "float.h"

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"

Object *float_new(double value) {
    Float *object = mixer2_alloc(sizeof(Float));
    *object = (Float){{1, &PyFloat_Type}, value};
    return (Object *)object;
}

Object *PyFloat_FromDouble(double value) {
    return float_new(value);
}

char PyFloat_Check(Object *object) {
    return object_is(object, &PyFloat_Type);
}

/* What an argument typed `float` accepts. */
char CPyFloat_Check(Object *object) {
    return PyFloat_Check(object) || PyLong_Check(object);
}

bool float_from_number(const Object *object, double *value) {
    if (object_is(object, &PyFloat_Type)) {
        *value = float_value(object);
        return true;
    }
    if (!object_is(object, &PyLong_Type)) return false;
    *value = (double)int_value(object);
    return true;
}

bool float_from_object(Object *object, double *value) {
    static const char operators[] = {UNARY_FLOAT, UNARY_INDEX};
    if (float_from_number(object, value)) return true;
    for (int i = 0; i < 2; i++) {
        Object *number = object_unary(object, operators[i]);
        if (!number) return false;
        bool found = float_from_number(number, value);
        DECREF(number);
        if (found) return true;
    }
    raise_formatted(&Exc_TypeError_Type, "must be real number, not %T", object);
    return false;
}

double PyFloat_AsDouble(Object *object) {
    double value;
    return float_from_object(object, &value) ? value : FLOAT_ERROR;
}

double CPyFloat_FromTagged(Tagged value) {
    return (double)tagged_value(value);
}

/* Towards zero. */
Tagged CPyTagged_FromFloat(double value) {
    if (value != value) {
        raise_standard_error(&Exc_ValueError_Type, "cannot convert float NaN to integer");
        return TAGGED_ERROR;
    }
    if (__builtin_isinf(value)) {
        raise_standard_error(&Exc_OverflowError_Type, "cannot convert float infinity to integer");
        return TAGGED_ERROR;
    }
    bool fits = value < 0x1p62 && value >= -0x1p62;
    return fits ? tagged_from((int64_t)value) : tagged_overflow();
}

double fabs(double value) {
    return __builtin_fabs(value);
}

double copysign(double value, double sign) {
    return __builtin_copysign(value, sign);
}

char CPyFloat_IsInf(double value) {
    return __builtin_isinf(value);
}

char CPyFloat_IsNaN(double value) {
    return value != value;
}

Tagged CPyFloat_Floor(double value) {
    return CPyTagged_FromFloat(__builtin_floor(value));
}

Tagged CPyFloat_Ceil(double value) {
    return CPyTagged_FromFloat(__builtin_ceil(value));
}

double CPyFloat_Sqrt(double value) {
    if (value >= 0 || value != value) return __builtin_sqrt(value);
    raise_standard_error(&Exc_ValueError_Type, "math domain error");
    return FLOAT_ERROR;
}
