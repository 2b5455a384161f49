/* bytes.translate(table, delete) */

#include "bytes_find.h"
#include "errors.h"
#include "methods.h"
#include "none.h"

static Bytes *translate(const Bytes *bytes, const char *table, Span deleted) {
    Bytes *result = bytes_reserve(bytes->var.size);
    int64_t size = 0;
    for (int64_t i = 0; i < bytes->var.size; i++) {
        const char *byte = &bytes->data[i];
        if (deleted.size && search_forward(deleted, (Span){byte, 1}) != NOT_FOUND) continue;
        result->data[size++] = table ? table[(uint8_t)*byte] : *byte;
    }
    result->var.size = size;
    result->data[size] = 0;
    return result;
}

/* NULL for None; false with an error. */
static bool table_argument(Object *argument, const char **table) {
    Span data;
    *table = NULL;
    if (argument == NONE) return true;
    if (!bytes_argument(argument, &data)) return false;
    *table = data.data;
    if (data.size == 256) return true;
    raise_standard_error(&Exc_ValueError_Type, "translation table must be 256 characters long");
    return false;
}

Bytes *CPyBytes_Translate(Bytes *bytes, Object *table_object) {
    const char *table;
    if (!table_argument(table_object, &table)) return NULL;
    return translate(bytes, table, (Span){0});
}

METHOD(bytes, translate) {
    static const Signature signature = {"bytes.translate", 1, 2, {"", "delete", NULL}};
    Object *values[2];
    const char *table;
    Span deleted = {0};
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (!table_argument(values[0], &table)) return NULL;
    if (values[1] && !bytes_argument(values[1], &deleted)) return NULL;
    return (Object *)translate((Bytes *)self, table, deleted);
}

/* A static method. */
METHOD(bytes, maketrans) {
    Span from, to;
    EXPECT("maketrans", 2, 2);
    if (!bytes_argument(args[0], &from) || !bytes_argument(args[1], &to)) return NULL;
    if (from.size != to.size) {
        raise_standard_error(&Exc_ValueError_Type, "maketrans arguments must have same length");
        return NULL;
    }
    Bytes *table = bytes_reserve(256);
    for (int i = 0; i < 256; i++) table->data[i] = (char)i;
    for (uint32_t i = 0; i < from.size; i++) table->data[(uint8_t)from.data[i]] = to.data[i];
    return (Object *)table;
}
