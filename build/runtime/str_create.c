/* str(...) as a call. */

#include "arguments.h"
#include "bytearray.h"
#include "codec.h"
#include "errors.h"
#include "generic.h"
#include "str_slots.h"

enum { OBJECT, ENCODING, ERRORS, PARAMETERS };

static bool is_text(Object *value, const char *parameter) {
    if (!value || is_any_str(value)) return true;
    raise_formatted(&Exc_TypeError_Type, "str() argument '%s' must be str, not %N", parameter,
                    value);
    return false;
}

Object *str_create_slot(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    static const Signature signature = {"str", 0, 3, {"object", "encoding", "errors", NULL}};
    (void)type;
    Object *values[PARAMETERS];
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (!is_text(values[ENCODING], "encoding") || !is_text(values[ERRORS], "errors")) return NULL;
    if (!values[OBJECT]) return (Object *)str_empty();
    if (!values[ENCODING] && !values[ERRORS]) return PyObject_Str(values[OBJECT]);
    Span data;
    if (is_bytes(values[OBJECT]))
        return (Object *)CPy_Decode(values[OBJECT], (Str *)values[ENCODING],
                                    (Str *)values[ERRORS]);
    if (bytes_like(values[OBJECT], &data)) {
        Bytes *bytes = bytes_new(data.data, data.size);
        Str *text = CPy_Decode((Object *)bytes, (Str *)values[ENCODING], (Str *)values[ERRORS]);
        DECREF(bytes);
        return (Object *)text;
    }
    raise_formatted(&Exc_TypeError_Type,
                    is_any_str(values[OBJECT])
                        ? "decoding str is not supported"
                        : "decoding to str: need a bytes-like object, %T found",
                    values[OBJECT]);
    return NULL;
}
