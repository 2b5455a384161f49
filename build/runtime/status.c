/* pal.status for compiled plugins. */

#include "builder.h"
#include "tagged.h"

/* In the order of their numbers. */
static const char names[] =
    "OK\0NOT_FOUND\0BAD_ARGUMENT\0SERIALIZATION_FAILURE\0PARSE_FAILURE\0BAD_EXPRESSION\0"
    "INVALID_MEMORY_ACCESS\0EMPTY\0CAS_MISMATCH\0RESULT_MISMATCH\0INTERNAL_FAILURE\0"
    "BROKEN_CONNECTION\0UNIMPLEMENTED\0";

Str *native__pal__status__name(Tagged status) {
    int64_t number = tagged_value(status);
    const char *name = names;
    for (int64_t i = number; i > 0 && *name; i--) name += strlen(name) + 1;
    if (number >= 0 && *name) return str_from_c(name);
    Builder text = builder_new();
    builder_add_c(&text, "status ");
    builder_add_int(&text, number);
    return builder_finish(&text);
}
