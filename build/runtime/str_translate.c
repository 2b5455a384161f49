/* str.translate and str.maketrans, called by name. */

#include "builder.h"
#include "dict.h"
#include "int.h"
#include "method_arguments.h"
#include "str_index.h"
#include "utf8.h"

/* Adds what `value` stands for: nothing, a code point, or a text; false with an error. */
static bool add_translation(Builder *result, Object *value) {
    if (value == NONE) return true;
    if (is_any_str(value)) {
        builder_add_str(result, (Str *)value);
        return true;
    }
    if (!is_int(value)) {
        raise_standard_error(&Exc_TypeError_Type,
                             "character mapping must return integer, None or str");
        return false;
    }
    int64_t code_point = int_value(value);
    if (code_point < 0 || code_point >= CODE_POINT_LIMIT) {
        raise_standard_error(&Exc_ValueError_Type,
                             "character mapping must be in range(0x110000)");
        return false;
    }
    builder_add_code_point(result, (uint32_t)code_point);
    return true;
}

static bool translate_one(Builder *result, uint32_t code_point, Object *table) {
    Object *key = int_new(code_point);
    Object *value = PyObject_GetItem(table, key);
    DECREF(key);
    if (!value) {
        if (!error_clear_if(&Exc_LookupError_Type)) return false;
        builder_add_code_point(result, code_point);
        return true;
    }
    bool good = add_translation(result, value);
    DECREF(value);
    return good;
}

METHOD(str, translate) {
    EXPECT("str.translate", 1, 1);
    const Str *text = (Str *)self;
    Builder result = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) {
        if (translate_one(&result, utf8_next(&place), args[0])) continue;
        builder_abandon(&result);
        return NULL;
    }
    return (Object *)builder_finish(&result);
}

static void map_code_point(Object *table, uint32_t code_point, Object *value) {
    Object *key = int_new(code_point);
    PyDict_SetItem(table, key, value);
    DECREF(key);
}

/* A copy of a dict, with code points in the place of characters; false with an error. */
static bool copy_table(Object *table, const Table *source) {
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(source, &position));) {
        if (is_int(entry->key)) {
            PyDict_SetItem(table, entry->key, entry->value);
        } else if (!is_any_str(entry->key)) {
            raise_standard_error(&Exc_TypeError_Type,
                                 "keys in translate table must be strings or integers");
            return false;
        } else if (((Str *)entry->key)->length != 1) {
            raise_standard_error(&Exc_ValueError_Type,
                                 "string keys in translate table must be of length 1");
            return false;
        } else {
            map_code_point(table, str_code_point((Str *)entry->key, 0), entry->value);
        }
    }
    return true;
}

static bool map_characters(Object *table, const Str *from, const Str *to) {
    if (from->length != to->length) {
        raise_standard_error(&Exc_ValueError_Type,
                             "the first two maketrans arguments must have equal length");
        return false;
    }
    const char *source = from->data, *target = to->data, *end = from->data + from->var.size;
    while (source < end) {
        uint32_t code_point = utf8_next(&source);
        Object *value = int_new(utf8_next(&target));
        map_code_point(table, code_point, value);
        DECREF(value);
    }
    return true;
}

static void delete_characters(Object *table, const Str *deleted) {
    const char *place = deleted->data, *end = deleted->data + deleted->var.size;
    while (place < end) map_code_point(table, utf8_next(&place), NONE);
}

/* False with an error. */
static bool fill_table(Object *table, Object *const *args, int64_t count) {
    if (count == 1) {
        if (args[0]->type == &PyDict_Type) return copy_table(table, (Table *)args[0]);
        raise_standard_error(&Exc_TypeError_Type,
                             "if you give only one argument to maketrans it must be a dict");
        return false;
    }
    if (!str_parameter(args[1], "maketrans() argument 2")) return false;
    if (count > 2 && !str_parameter(args[2], "maketrans() argument 3")) return false;
    if (!is_any_str(args[0])) {
        raise_standard_error(&Exc_TypeError_Type, "first maketrans argument must be a string if "
                                                  "there is a second argument");
        return false;
    }
    if (!map_characters(table, (Str *)args[0], (Str *)args[1])) return false;
    if (count > 2) delete_characters(table, (Str *)args[2]);
    return true;
}

/* A static method. */
METHOD(str, maketrans) {
    EXPECT("maketrans", 1, 3);
    Object *table = PyDict_New();
    if (fill_table(table, args, count)) return table;
    DECREF(table);
    return NULL;
}
