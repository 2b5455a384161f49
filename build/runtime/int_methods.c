/* int: methods called by name; bool has them too. */

#include "bytearray.h"
#include "bytes.h"
#include "int.h"
#include "int_bytes.h"
#include "methods.h"
#include "str.h"
#include "tuple.h"

METHOD(int, bit_length) {
    EXPECT("int.bit_length", 0, 0);
    uint64_t magnitude = int_magnitude(int_value(self));
    return int_new(magnitude ? 64 - __builtin_clzll(magnitude) : 0);
}

METHOD(int, bit_count) {
    EXPECT("int.bit_count", 0, 0);
    int64_t bits = 0;
    for (uint64_t rest = int_magnitude(int_value(self)); rest; rest &= rest - 1) bits++;
    return int_new(bits);
}

METHOD(int, conjugate) {
    EXPECT("int.conjugate", 0, 0);
    return int_new(int_value(self));
}

METHOD(int, as_integer_ratio) {
    EXPECT("int.as_integer_ratio", 0, 0);
    return tuple_pair_stolen(int_new(int_value(self)), int_new(1));
}

/* "big" and "little". */
static bool is_little(Object *order, bool *little) {
    if (!order) return !(*little = false);
    if (!is_any_str(order)) {
        raise_formatted(&Exc_TypeError_Type, "argument 'byteorder' must be str, not %T", order);
        return false;
    }
    return int_byte_order((Str *)order, little);
}

static const Signature to_bytes_signature = {
    "int.to_bytes", 0, 2, {"length", "byteorder", "signed", NULL}};

METHOD(int, to_bytes) {
    Object *values[3];
    int64_t length = 1;
    bool little;
    if (!arguments_bind(&to_bytes_signature, args, count, names, values)) return NULL;
    if (values[0] && !int_from_index(values[0], &length)) return NULL;
    if (!is_little(values[1], &little)) return NULL;
    int is_signed = values[2] ? PyObject_IsTrue(values[2]) : 0;
    if (is_signed < 0) return NULL;
    return (Object *)int_to_bytes(int_value(self), length, little, is_signed);
}

static const Signature from_bytes_signature = {
    "int.from_bytes", 1, 2, {"bytes", "byteorder", "signed", NULL}};

/* A class method: self is the type or an int. */
METHOD(int, from_bytes) {
    Object *values[3];
    bool little;
    int64_t value;
    if (!arguments_bind(&from_bytes_signature, args, count, names, values)) return NULL;
    if (!is_little(values[1], &little)) return NULL;
    int is_signed = values[2] ? PyObject_IsTrue(values[2]) : 0;
    if (is_signed < 0) return NULL;
    Span data;
    if (!bytes_like(values[0], &data)) {
        raise_formatted(&Exc_TypeError_Type, "cannot convert '%T' object to bytes", values[0]);
        return NULL;
    }
    return int_from_bytes(data, little, is_signed, &value) ? int_new(value) : NULL;
}
