/* int: between objects, tagged registers and machine integers. Arithmetic is in int_arithmetic.c,
   text in int_text.c, bytes in int_bytes.c, the slots of the type in int_type.c. */

#include "int.h"

#include "errors.h"
#include "generic.h"
#include "memory.h"

Tagged tagged_overflow(void) {
    raise_standard_error(&Exc_OverflowError_Type, "int too large for 63 bits");
    return TAGGED_ERROR;
}

Object *int_new(int64_t value) {
    Int *object = mixer2_alloc(sizeof(Int));
    *object = (Int){{1, &PyLong_Type}, value};
    return (Object *)object;
}

Object *PyLong_FromLong(int32_t value) {
    return int_new(value);
}

Object *PyLong_FromLongLong(int64_t value) {
    return int_new(value);
}

char PyLong_Check(Object *object) {
    return is_int(object) || type_is_subtype(object->type, &PyLong_Type);
}

Object *CPyTagged_AsObject(Tagged value) {
    return int_new(tagged_value(value));
}

Object *CPyTagged_StealAsObject(Tagged value) {
    return int_new(tagged_value(value));
}

/* The object must be an int. */
Tagged CPyTagged_FromObject(Object *object) {
    return tagged_checked(int_value(object));
}

Tagged CPyTagged_StealFromObject(Object *object) {
    Tagged value = CPyTagged_FromObject(object);
    DECREF(object);
    return value;
}

Tagged CPyTagged_BorrowFromObject(Object *object) {
    return CPyTagged_FromObject(object);
}

Tagged CPyTagged_FromInt64(int64_t value) {
    return tagged_checked(value);
}

Tagged CPyTagged_FromSsize_t(Py_ssize_t value) {
    return tagged_checked(value);
}

Py_ssize_t CPyTagged_AsSsize_t(Tagged value) {
    return tagged_value(value);
}

bool int_from_index(Object *object, int64_t *value) {
    if (is_int(object)) {
        *value = int_value(object);
        return true;
    }
    Object *index = object_unary(object, UNARY_INDEX);
    if (!index) return false;
    bool found = PyLong_Check(index);
    if (found) {
        *value = int_value(index);
    } else {
        raise_formatted(&Exc_TypeError_Type, "'%T' object cannot be interpreted as an integer",
                        object);
    }
    DECREF(index);
    return found;
}

#define NATIVE_ERROR (-113)
#define UNSIGNED_ERROR 239

/* Unboxes to a machine integer: false with TypeError, or ValueError beyond [low, high]. */
static bool unbox(Object *object, int64_t low, int64_t high, const char *complaint,
                  int64_t *value) {
    if (!PyLong_Check(object)) {
        raise_formatted(&Exc_TypeError_Type, "'%T' object cannot be interpreted as an integer",
                        object);
        return false;
    }
    *value = int_value(object);
    if (*value >= low && *value <= high) return true;
    raise_standard_error(&Exc_ValueError_Type, complaint);
    return false;
}

static const char too_large_for_i32[] = "int too large to convert to i32";
static const char too_large_for_i16[] = "int too large to convert to i16";
static const char too_large_for_u8[] = "int too large or small to convert to u8";

int64_t CPyLong_AsInt64(Object *object) {
    int64_t value;
    return unbox(object, INT64_MIN, INT64_MAX, "", &value) ? value : NATIVE_ERROR;
}

int32_t CPyLong_AsInt32(Object *object) {
    int64_t value;
    bool done = unbox(object, INT32_MIN, INT32_MAX, too_large_for_i32, &value);
    return done ? (int32_t)value : NATIVE_ERROR;
}

int16_t CPyLong_AsInt16(Object *object) {
    int64_t value;
    bool done = unbox(object, INT16_MIN, INT16_MAX, too_large_for_i16, &value);
    return done ? (int16_t)value : NATIVE_ERROR;
}

uint8_t CPyLong_AsUInt8(Object *object) {
    int64_t value;
    return unbox(object, 0, UINT8_MAX, too_large_for_u8, &value) ? (uint8_t)value : UNSIGNED_ERROR;
}

void CPyInt32_Overflow(void) {
    raise_standard_error(&Exc_ValueError_Type, too_large_for_i32);
}

void CPyInt16_Overflow(void) {
    raise_standard_error(&Exc_ValueError_Type, too_large_for_i16);
}

void CPyUInt8_Overflow(void) {
    raise_standard_error(&Exc_ValueError_Type, too_large_for_u8);
}
