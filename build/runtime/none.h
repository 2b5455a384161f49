/* None, and how static objects start. */

#ifndef MIXER2_NONE_H
#define MIXER2_NONE_H

#include "object.h"

extern Type NoneType_Type;
extern Object _Py_NoneStruct;

#define NONE (&_Py_NoneStruct)

/* The head of an object in static data. */
#define STATIC_HEAD(type_) {IMMORTAL, (type_)}

static inline Object *none_new_reference(void) {
    INCREF(NONE);
    return NONE;
}

#endif
