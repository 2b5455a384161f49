/* float: methods called by name. */

#include "float.h"
#include "int.h"
#include "methods.h"
#include "tuple.h"

static bool is_whole(double value) {
    return value - value == 0 && __builtin_floor(value) == value;
}

METHOD(float, is_integer) {
    EXPECT("float.is_integer", 0, 0);
    return bool_object(is_whole(float_value(self)));
}

METHOD(float, conjugate) {
    EXPECT("float.conjugate", 0, 0);
    return float_new(float_value(self));
}

METHOD(float, as_integer_ratio) {
    double value = float_value(self);
    EXPECT("float.as_integer_ratio", 0, 0);
    if (value != value) {
        raise_standard_error(&Exc_ValueError_Type, "cannot convert NaN to integer ratio");
        return NULL;
    }
    if (__builtin_isinf(value)) {
        raise_standard_error(&Exc_OverflowError_Type, "cannot convert Infinity to integer ratio");
        return NULL;
    }
    /* Powers of two beyond 2**61 do not fit into an int. */
    int64_t denominator = 1;
    while (!is_whole(value) && denominator < INT64_C(1) << 61) {
        value *= 2;
        denominator *= 2;
    }
    Tagged numerator = is_whole(value) ? CPyTagged_FromFloat(value) : tagged_overflow();
    if (numerator == TAGGED_ERROR) return NULL;
    return tuple_pair_stolen(int_new(tagged_value(numerator)), int_new(denominator));
}
