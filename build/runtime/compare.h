/* The answer of Type.compare from an order. */

#ifndef MIXER2_COMPARE_H
#define MIXER2_COMPARE_H

#include "generic.h"
#include "int.h"

/* `order` is negative, zero or positive, as from memcmp. */
static inline Object *compare_result(int order, int operator) {
    switch (operator) {
    case Py_LT: return bool_object(order < 0);
    case Py_LE: return bool_object(order <= 0);
    case Py_EQ: return bool_object(order == 0);
    case Py_NE: return bool_object(order != 0);
    case Py_GT: return bool_object(order > 0);
    default: return bool_object(order >= 0);
    }
}

#endif
