/* Arguments that methods of text and bytes share. */

#include "method_arguments.h"

#include "int.h"

static bool bound(Object *argument, int64_t *value) {
    if (argument == NONE) return true;
    if (is_int(argument)) {
        *value = int_value(argument);
        return true;
    }
    raise_standard_error(
        &Exc_TypeError_Type,
        "slice indices must be integers or None or have an __index__ method");
    return false;
}

bool bounds_argument(Object *const *args, int64_t count, int64_t *start, int64_t *end) {
    *start = 0;
    *end = INT64_MAX;
    if (count > 1 && !bound(args[1], start)) return false;
    return count <= 2 || bound(args[2], end);
}

bool int_argument(Object *const *args, int64_t count, int64_t index, int64_t *value) {
    return count <= index || int_from_index(args[index], value);
}

Str *str_argument(Object *argument, const char *complaint) {
    if (is_any_str(argument)) return (Str *)argument;
    raise_formatted(&Exc_TypeError_Type, "%s, not %T", complaint, argument);
    return NULL;
}

Str *str_parameter(Object *argument, const char *what) {
    if (is_any_str(argument)) return (Str *)argument;
    raise_formatted(&Exc_TypeError_Type, "%s must be str, not %N", what, argument);
    return NULL;
}
