/* pystd._json_encoder.write for compiled plugins: the JSON text of a value.

   Without recursion: `levels` holds the containers that are being written. */

#include "json.h"

#include "builder.h"
#include "dict.h"
#include "errors.h"
#include "float.h"
#include "float_text.h"
#include "int.h"
#include "list.h"
#include "none.h"
#include "tuple.h"
#include "utf8.h"

/* \ud83d\ude00 */
#define ESCAPE_MAX 12u
/* An int, a float, a word. */
#define SCALAR_MAX 32u

typedef struct Level {
    Object *container; /* a list, a tuple or a dict */
    List *names;       /* of a dict, where they are sorted; else NULL */
    uint32_t position; /* of the next item */
    bool is_dict;
} Level;

typedef struct Writer {
    Builder text;
    char *at;
    char *limit;
    const Str *item_separator;
    const Str *key_separator;
    bool ensure_ascii;
    bool allow_nan;
    bool sort_keys;
    Level *levels;
    uint32_t depth;
} Writer;

static void take_room(Writer *writer) {
    Str *text = writer->text.text;
    writer->at = text->data + writer->text.size;
    writer->limit = (char *)text + mixer2_capacity(text) - 1;
}

/* Where so many bytes can be written; NULL with MemoryError. */
static char *room(Writer *writer, uint64_t size) {
    if ((uint64_t)(writer->limit - writer->at) >= size) return writer->at;
    writer->text.size = (uint32_t)(writer->at - writer->text.text->data);
    if (!builder_has_room(&writer->text, size)) return NULL;
    take_room(writer);
    return writer->at;
}

static bool write_text(Writer *writer, const char *text, uint32_t size) {
    char *to = room(writer, size);
    if (!to) return false;
    memcpy(to, text, size);
    writer->at = to + size;
    return true;
}

static bool write_separator(Writer *writer, const Str *separator) {
    return write_text(writer, separator->data, (uint32_t)separator->var.size);
}

/* Strings. */

static char *write_code_unit(char *to, uint32_t code) {
    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[code >> shift & 15];
    return to;
}

static char *write_escape(char *to, uint32_t code) {
    static const char codes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    for (int i = 0; codes[i]; i++) {
        if (code != (uint32_t)codes[i]) continue;
        *to++ = '\\';
        *to++ = letters[i];
        return to;
    }
    if (code < 0x10000) return write_code_unit(to, code);
    code -= 0x10000;
    return write_code_unit(write_code_unit(to, 0xd800 + (code >> 10)), 0xdc00 + (code & 0x3ff));
}

static bool is_plain(uint8_t byte, bool ensure_ascii) {
    return byte >= 0x20 && byte != '"' && byte != '\\' && (!ensure_ascii || byte < 0x7f);
}

static bool write_string(Writer *writer, const Str *text) {
    const char *at = text->data, *end = at + text->var.size;
    uint64_t beyond_ascii = writer->ensure_ascii ? JSON_HIGH_BITS : 0;
    char *to = room(writer, (uint64_t)text->var.size + 2);
    if (!to) return false;
    *to++ = '"';
    while (at < end) {
        if (end - at >= (int64_t)sizeof(JsonWord)) {
            uint64_t word = *(const JsonWord *)at;
            uint64_t deletes = json_zeros(word ^ JSON_BYTES(0x7f)) | word;
            if (!(json_specials(word) | (deletes & beyond_ascii))) {
                *(JsonWord *)to = word;
                at += sizeof word;
                to += sizeof word;
                continue;
            }
        }
        if (is_plain((uint8_t)*at, writer->ensure_ascii)) {
            *to++ = *at++;
            continue;
        }
        uint32_t code = utf8_next(&at);
        writer->at = to;
        to = room(writer, (uint64_t)(end - at) + ESCAPE_MAX + 1);
        if (!to) return false;
        to = write_escape(to, code);
    }
    *to++ = '"';
    writer->at = to;
    return true;
}

/* Numbers and words. */

static bool write_int(Writer *writer, int64_t value) {
    char digits[24], *end = digits + sizeof digits;
    char *start = int_digits(end, int_magnitude(value), 10);
    if (value < 0) *--start = '-';
    return write_text(writer, start, (uint32_t)(end - start));
}

static bool write_word(Writer *writer, const char *word) {
    return write_text(writer, word, (uint32_t)strlen(word));
}

static bool write_float(Writer *writer, double value) {
    if (value - value == 0) {
        char *to = room(writer, SCALAR_MAX);
        if (to) writer->at = float_write(to, value);
        return to;
    }
    if (writer->allow_nan)
        return write_word(writer, value != value ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    raise_standard_error(&Exc_ValueError_Type, "Out of range float values are not JSON compliant");
    return false;
}

static bool is_scalar(const Object *value) {
    return value == NONE || is_int(value) || is_float(value);
}

/* None, a bool or a number; `complaint` is for anything else. */
static bool write_scalar(Writer *writer, Object *value, const char *complaint) {
    if (value == NONE) return write_word(writer, "null");
    if (PyBool_Check(value)) return write_word(writer, int_value(value) ? "true" : "false");
    if (PyLong_Check(value)) return write_int(writer, int_value(value));
    if (is_float(value)) return write_float(writer, float_value(value));
    raise_formatted(&Exc_TypeError_Type, complaint, value);
    return false;
}

static bool write_name(Writer *writer, Object *name) {
    if (is_any_str(name)) return write_string(writer, (Str *)name);
    return write_word(writer, "\"") &&
           write_scalar(writer, name, "keys must be str, int, float, bool or None, not %T") &&
           write_word(writer, "\"");
}

/* Containers. */

static bool open_container(Writer *writer, Object *value, bool is_dict) {
    if (writer->depth == JSON_DEPTH) {
        json_too_deep("encoding a JSON object");
        return false;
    }
    List *names = NULL;
    if (is_dict && writer->sort_keys) {
        names = (List *)CPySequence_Sort(value);
        if (!names) return false;
    }
    INCREF(value);
    writer->levels[writer->depth++] = (Level){value, names, 0, is_dict};
    return write_word(writer, is_dict ? "{" : "[");
}

static void close_container(Writer *writer) {
    Level *level = &writer->levels[--writer->depth];
    DECREF(level->container);
    XDECREF(level->names);
}

static bool write_value(Writer *writer, Object *value) {
    if (is_str(value)) return write_string(writer, (Str *)value);
    if (value->type == &PyDict_Type) return open_container(writer, value, true);
    if (value->type == &PyList_Type || value->type == &PyTuple_Type)
        return open_container(writer, value, false);
    if (is_scalar(value)) return write_scalar(writer, value, "");
    /* Members of enums, and instances of classes that are made from these. */
    if (is_str_member(value)) return write_string(writer, (Str *)value);
    if (PyDict_Check(value)) return open_container(writer, value, true);
    if (PyList_Check(value) || PyTuple_Check(value)) {
        Object *list = PySequence_List(value);
        bool done = list && open_container(writer, list, false);
        XDECREF(list);
        return done;
    }
    return write_scalar(writer, value, "Object of type %T is not JSON serializable");
}

/* The next value of a dict, and its name; NULL at the end, or with an exception. */
static Object *next_named(Level *level, Object **name) {
    if (!level->names) {
        const Entry *entry = table_next((Table *)level->container, &level->position);
        if (!entry) return NULL;
        *name = entry->key;
        return entry->value;
    }
    if (level->position == level->names->var.size) return NULL;
    *name = list_item((Object *)level->names, level->position++);
    Object *value;
    /* Sorting may have called anything. */
    if (dict_get(level->container, *name, &value) && !value)
        raise_standard_error(&Exc_RuntimeError_Type, "dictionary changed size during iteration");
    return value;
}

/* The next item of a list or a tuple; NULL at its end. */
static Object *next_item(Level *level) {
    const VarObject *sequence = (VarObject *)level->container;
    if (level->position == sequence->size) return NULL;
    const Slot *items = sequence->head.type == &PyList_Type ? ((List *)sequence)->items
                                                            : ((Tuple *)sequence)->items;
    return items[level->position++].object;
}

/* The next item of the innermost container, or its end. */
static bool write_next(Writer *writer) {
    Level *level = &writer->levels[writer->depth - 1];
    bool is_first = level->position == 0, is_dict = level->is_dict;
    Object *name, *value = is_dict ? next_named(level, &name) : next_item(level);
    if (!value) {
        if (level->names && error_pending()) return false;
        close_container(writer);
        return write_word(writer, is_dict ? "}" : "]");
    }
    if (!is_first && !write_separator(writer, writer->item_separator)) return false;
    if (is_dict && !(write_name(writer, name) && write_separator(writer, writer->key_separator)))
        return false;
    return write_value(writer, value);
}

Str *native__pystd___json_encoder__write(Object *value, char ensure_ascii, char allow_nan,
                                         Str *item_separator, Str *key_separator, char sort_keys) {
    Writer writer = {.text = builder_new(),
                     .item_separator = item_separator,
                     .key_separator = key_separator,
                     .ensure_ascii = ensure_ascii,
                     .allow_nan = allow_nan,
                     .sort_keys = sort_keys,
                     .levels = mixer2_alloc(JSON_DEPTH * sizeof(Level))};
    take_room(&writer);
    bool done = write_value(&writer, value);
    while (done && writer.depth) done = write_next(&writer);
    while (writer.depth) close_container(&writer);
    mixer2_free(writer.levels);
    writer.text.size = (uint32_t)(writer.at - writer.text.text->data);
    if (done || writer.text.failed) return builder_finish(&writer.text);
    builder_abandon(&writer.text);
    return NULL;
}
