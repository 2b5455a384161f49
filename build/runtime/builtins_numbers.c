/* Built-in functions: about numbers and characters. */

#include "builtins.h"
#include "bytes.h"
#include "decimal.h"
#include "float.h"
#include "int.h"
#include "number.h"
#include "str.h"
#include "str_index.h"

BUILTIN(abs) {
    EXPECT("abs", 1, 1);
    return PyNumber_Absolute(args[0]);
}

BUILTIN(divmod) {
    EXPECT("divmod", 2, 2);
    return PyNumber_Divmod(args[0], args[1]);
}

static const Signature pow_signature = {"pow", 2, 3, {"base", "exp", "mod", NULL}};

BUILTIN(pow) {
    Object *values[3];
    if (!arguments_bind(&pow_signature, args, count, names, values)) return NULL;
    return PyNumber_Power(values[0], values[1], values[2] ? values[2] : NONE);
}

/* sign, prefix, digits */
static Object *in_base(Object *object, uint32_t base, char prefix) {
    int64_t value;
    if (!int_from_index(object, &value)) return NULL;
    char text[INT_DIGITS_MAX + 3];
    char *end = text + sizeof text, *start = int_digits(end, int_magnitude(value), base);
    *--start = prefix;
    *--start = '0';
    if (value < 0) *--start = '-';
    return (Object *)str_new_ascii(start, end - start);
}

BUILTIN(bin) {
    EXPECT("bin", 1, 1);
    return in_base(args[0], 2, 'b');
}

BUILTIN(oct) {
    EXPECT("oct", 1, 1);
    return in_base(args[0], 8, 'o');
}

BUILTIN(hex) {
    EXPECT("hex", 1, 1);
    return in_base(args[0], 16, 'x');
}

BUILTIN(chr) {
    int64_t code_point;
    EXPECT("chr", 1, 1);
    if (!int_from_index(args[0], &code_point)) return NULL;
    return (Object *)builtin_chr(tagged_from(code_point));
}

Tagged CPyStr_Ord(Str *text);
Tagged CPyBytes_Ord(Bytes *bytes);

BUILTIN(ord) {
    EXPECT("ord", 1, 1);
    if (!is_str(args[0]) && !is_bytes(args[0])) {
        raise_formatted(&Exc_TypeError_Type, "ord() expected string of length 1, but %T found",
                        args[0]);
        return NULL;
    }
    Tagged code = is_str(args[0]) ? CPyStr_Ord((Str *)args[0]) : CPyBytes_Ord((Bytes *)args[0]);
    return code == TAGGED_ERROR ? NULL : int_new(tagged_value(code));
}

/* To a multiple of 10**places, ties to even. */
static Object *round_int(int64_t value, int64_t places) {
    if (places <= 0) return int_new(value);
    if (places > 19) return int_new(0);
    uint64_t unit = 1, size = int_magnitude(value);
    for (int64_t i = 0; i < places; i++) unit *= 10;
    uint64_t quotient = size / unit, rest = size % unit, other = unit - rest;
    if (rest > other || (rest == other && quotient & 1)) quotient++;
    uint64_t rounded = quotient * unit;
    if (rounded > (uint64_t)TAGGED_MAX) {
        tagged_overflow();
        return NULL;
    }
    return int_new(value < 0 ? -(int64_t)rounded : (int64_t)rounded);
}

static double round_to_places(double value, int64_t places) {
    if (value - value != 0 || value == 0 || places > 330) return value;
    if (places < -330) return __builtin_copysign(0.0, value);
    Decimal decimal;
    decimal_from_binary(&decimal, binary_from_double(__builtin_fabs(value)));
    decimal_round(&decimal, decimal.point + (int32_t)places);
    return __builtin_copysign(decimal_to_double(&decimal), value);
}

static Object *round_float(double value, Object *places_object) {
    if (!places_object || places_object == NONE) {
        Tagged whole = CPyTagged_FromFloat(__builtin_nearbyint(value));
        return whole == TAGGED_ERROR ? NULL : int_new(tagged_value(whole));
    }
    int64_t places;
    if (!int_from_index(places_object, &places)) return NULL;
    double rounded = round_to_places(value, places);
    if (!__builtin_isinf(rounded) || __builtin_isinf(value)) return float_new(rounded);
    raise_standard_error(&Exc_OverflowError_Type, "rounded value too large to represent");
    return NULL;
}

static const Signature round_signature = {"round", 1, 2, {"number", "ndigits", NULL}};

BUILTIN(round) {
    Object *values[2];
    int64_t places = 0;
    if (!arguments_bind(&round_signature, args, count, names, values)) return NULL;
    if (is_float(values[0])) return round_float(float_value(values[0]), values[1]);
    if (!is_int(values[0])) {
        raise_formatted(&Exc_TypeError_Type, "type %T doesn't define __round__ method", values[0]);
        return NULL;
    }
    bool given = values[1] && values[1] != NONE;
    if (given && !int_from_index(values[1], &places)) return NULL;
    return round_int(int_value(values[0]), -places);
}
