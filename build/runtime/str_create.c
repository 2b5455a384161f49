/* str(...) as a call. */

#include "codec.h"
#include "errors.h"
#include "generic.h"
#include "str_slots.h"
#include "tuple.h"

enum { OBJECT, ENCODING, ERRORS, PARAMETERS };
static const char *const names_of_parameters[] = {"object", "encoding", "errors"};

static int parameter_named(const Str *name) {
    for (int i = 0; i < PARAMETERS; i++)
        if (strlen(names_of_parameters[i]) == (size_t)name->var.size &&
            memcmp(names_of_parameters[i], name->data, (size_t)name->var.size) == 0)
            return i;
    return -1;
}

/* Sorts the arguments into `values`; false with an error. */
static bool bind(Object *const *args, int64_t count, Tuple *names, Object *values[PARAMETERS]) {
    if (count > PARAMETERS) {
        raise_formatted(&Exc_TypeError_Type, "str() takes at most 3 arguments (%d given)", count);
        return false;
    }
    for (int64_t i = 0; i < count; i++) values[i] = args[i];
    for (int64_t i = 0; names && i < names->var.size; i++) {
        const Str *name = (const Str *)tuple_item((Object *)names, i);
        int parameter = parameter_named(name);
        if (parameter < 0) {
            raise_formatted(&Exc_TypeError_Type,
                            "'%S' is an invalid keyword argument for str()", name);
            return false;
        }
        if (values[parameter]) {
            raise_formatted(&Exc_TypeError_Type,
                            "argument for str() given by name ('%S') and position (%d)", name,
                            (int64_t)parameter + 1);
            return false;
        }
        values[parameter] = args[count + i];
    }
    for (int i = ENCODING; i < PARAMETERS; i++) {
        if (!values[i] || is_str(values[i])) continue;
        raise_formatted(&Exc_TypeError_Type, "str() argument '%s' must be str, not %T",
                        names_of_parameters[i], values[i]);
        return false;
    }
    return true;
}

Object *str_create_slot(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    (void)type;
    Object *values[PARAMETERS] = {NULL};
    if (!bind(args, count, names, values)) return NULL;
    if (!values[OBJECT]) return (Object *)str_empty();
    if (!values[ENCODING] && !values[ERRORS]) return PyObject_Str(values[OBJECT]);
    if (is_bytes(values[OBJECT]))
        return (Object *)CPy_Decode(values[OBJECT], (Str *)values[ENCODING],
                                    (Str *)values[ERRORS]);
    raise_formatted(&Exc_TypeError_Type,
                    is_str(values[OBJECT])
                        ? "decoding str is not supported"
                        : "decoding to str: need a bytes-like object, %T found",
                    values[OBJECT]);
    return NULL;
}
