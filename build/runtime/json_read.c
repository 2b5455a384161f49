/* pystd._json_decoder.read for compiled plugins: the value of a JSON text.

   One pass over the text's UTF-8, without recursion: `levels` holds the containers that are open. The NUL
   behind the text is nothing that JSON knows, so that no step need look for the end. */

#include "json.h"

#include "builder.h"
#include "dict.h"
#include "errors.h"
#include "float.h"
#include "float_text.h"
#include "hex_digit.h"
#include "int.h"
#include "list.h"
#include "none.h"
#include "utf8.h"

/* Bytes of a string for which memory is asked first. */
#define LARGE 1024u

/* What is wrong with a text, by the number of its message in _json_decoder.py. */
enum Fault {
    NO_VALUE,
    NO_NAME,
    NO_COLON,
    NO_COMMA,
    EXTRA_DATA,
    NO_END,
    CONTROL,
    BAD_ESCAPE,
    BAD_CODE,
};

typedef struct Level {
    Object *container; /* a list or a dict */
    Str *name;         /* of the value that is read next; in a list NULL */
} Level;

typedef struct Reader {
    const char *start;
    const char *at;
    const char *end;
    List *fault;
    Level *levels;
    uint32_t depth;
} Reader;

/* Says what is wrong, and where, in characters. */
static void *fail(Reader *reader, enum Fault number, const char *place) {
    uint32_t characters = utf8_count(reader->start, (uint32_t)(place - reader->start));
    list_append_stolen(reader->fault, int_new(number));
    list_append_stolen(reader->fault, int_new(characters));
    return NULL;
}

static void skip_space(Reader *reader) {
    const char *at = reader->at;
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') at++;
    reader->at = at;
}

static bool is_digit(char c) { return (uint8_t)(c - '0') < 10; }

static const char *skip_digits(const char *at) {
    while (is_digit(*at)) at++;
    return at;
}

/* Strings. */

/* The first byte that does not stand for itself. */
static const char *skip_plain(const Reader *reader, const char *at) {
    while (reader->end - at >= (int64_t)sizeof(JsonWord)) {
        uint64_t specials = json_specials(*(const JsonWord *)at);
        if (specials) return at + (__builtin_ctzll(specials) >> 3);
        at += sizeof(JsonWord);
    }
    while ((uint8_t)*at >= 0x20 && *at != '"' && *at != '\\') at++;
    return at;
}

/* The number of uXXXX; more text must follow, since the string is not over. -1: it is none. */
static int32_t read_code_unit(Reader *reader) {
    const char *start = reader->at;
    int32_t code = 0;
    for (int i = 1; i <= 4; i++) {
        int32_t digit = reader->end - start > i + 1 ? hex_digit_value(start[i]) : -1;
        if (digit < 0) {
            fail(reader, BAD_CODE, start);
            return -1;
        }
        code = code << 4 | digit;
    }
    reader->at = start + 5;
    return code;
}

static bool read_code(Reader *reader, Builder *text) {
    int32_t code = read_code_unit(reader);
    const char *behind = reader->at;
    if ((code & ~0x3ff) == 0xd800 && behind[0] == '\\' && behind[1] == 'u') {
        reader->at++;
        int32_t low = read_code_unit(reader);
        if (low < 0) return false;
        if ((low & ~0x3ff) == 0xdc00)
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        else
            reader->at = behind;
    }
    if (code >= 0) builder_add_code_point(text, (uint32_t)code);
    return code >= 0;
}

/* At a backslash of the string that begins at `start`. */
static bool read_escape(Reader *reader, const char *start, Builder *text) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *at = ++reader->at;
    if (at == reader->end) return fail(reader, NO_END, start);
    if (*at == 'u') return read_code(reader, text);
    for (int i = 0; letters[i]; i++) {
        if (letters[i] != *at) continue;
        builder_add_char(text, meanings[i]);
        reader->at++;
        return true;
    }
    return fail(reader, BAD_ESCAPE, at - 1);
}

/* At the first byte of a string, `start`, that does not stand for itself, and is not its end. */
static Str *read_rest(Reader *reader, const char *start, const char *at) {
    Builder text = builder_new();
    for (const char *run = start + 1;; run = reader->at, at = skip_plain(reader, run)) {
        builder_add(&text, run, (uint32_t)(at - run));
        reader->at = at;
        if (*at == '\\') {
            if (read_escape(reader, start, &text)) continue;
        } else if (*at == '"') {
            reader->at++;
            return builder_finish(&text);
        } else if (at == reader->end) {
            fail(reader, NO_END, start);
        } else {
            fail(reader, CONTROL, at);
        }
        builder_abandon(&text);
        return NULL;
    }
}

static Str *read_string(Reader *reader) {
    const char *start = reader->at, *run = start + 1, *at = skip_plain(reader, run);
    if (*at != '"') return read_rest(reader, start, at);
    uint32_t size = (uint32_t)(at - run);
    reader->at = at + 1;
    bool has_room = size < LARGE || memory_for(sizeof(Str) + (uint64_t)size);
    return has_room ? str_new(run, size) : NULL;
}

/* Numbers and words. */

static Object *read_number(Reader *reader) {
    const char *start = reader->at, *at = start + (*start == '-');
    const char *whole = *at == '0' ? at + 1 : skip_digits(at);
    if (whole == at) return fail(reader, NO_VALUE, start);
    const char *end = whole;
    if (*end == '.' && is_digit(end[1])) end = skip_digits(end + 1);
    if ((*end | 0x20) == 'e') {
        const char *digits = end + 1 + (end[1] == '+' || end[1] == '-');
        if (is_digit(*digits)) end = skip_digits(digits);
    }
    reader->at = end;
    if (end != whole) {
        double value;
        return float_parse(start, end - start, &value) ? float_new(value) : NULL;
    }
    int64_t value;
    if (int_parse(start, end - start, 10, &value) == INT_VALID) return int_new(value);
    tagged_overflow();
    return NULL;
}

static bool takes(Reader *reader, const char *word) {
    const char *at = reader->at;
    for (; *word; word++, at++)
        if (*at != *word) return false;
    reader->at = at;
    return true;
}

static Object *read_word(Reader *reader) {
    if (takes(reader, "null")) return none_new_reference();
    if (takes(reader, "true")) return bool_object(true);
    if (takes(reader, "false")) return bool_object(false);
    if (takes(reader, "NaN")) return float_new(__builtin_nan(""));
    if (takes(reader, "Infinity")) return float_new(__builtin_inf());
    if (takes(reader, "-Infinity")) return float_new(-__builtin_inf());
    return read_number(reader);
}

/* Containers. */

static bool read_name(Reader *reader, Level *level) {
    if (*reader->at != '"') return fail(reader, NO_NAME, reader->at);
    level->name = read_string(reader);
    if (!level->name) return false;
    skip_space(reader);
    if (*reader->at != ':') return fail(reader, NO_COLON, reader->at);
    reader->at++;
    skip_space(reader);
    return true;
}

/* Reads up to the first value of a container, which is then the innermost that is open, or all of an
   empty one: that is the result. NULL, and a fault or an exception, or a container that is open. */
static Object *open_container(Reader *reader, bool is_list) {
    if (reader->depth == JSON_DEPTH) {
        json_too_deep(is_list ? "decoding a JSON array from a unicode string"
                              : "decoding a JSON object from a unicode string");
        return NULL;
    }
    reader->at++;
    skip_space(reader);
    Object *container = is_list ? PyList_New(0) : PyDict_New();
    if (*reader->at == (is_list ? ']' : '}')) {
        reader->at++;
        return container;
    }
    Level *level = &reader->levels[reader->depth++];
    *level = (Level){container, NULL};
    if (!is_list) read_name(reader, level);
    return NULL;
}

/* Puts a value into the innermost container, and reads up to the next value, or the end. */
static Object *put(Reader *reader, Object *value) {
    Level *level = &reader->levels[reader->depth - 1];
    Object *container = level->container;
    bool is_list = !level->name;
    if (is_list) {
        bool done = PyList_Append(container, value) == 0;
        DECREF(value);
        if (!done) return NULL;
    } else {
        bool done = dict_set_item_str(container, level->name, value) == 0;
        DECREF(level->name);
        level->name = NULL;
        DECREF(value);
        if (!done) return NULL;
    }
    skip_space(reader);
    char next = *reader->at;
    if (next == (is_list ? ']' : '}')) {
        reader->at++;
        reader->depth--;
        return container;
    }
    if (next != ',') return fail(reader, NO_COMMA, reader->at);
    reader->at++;
    skip_space(reader);
    if (!is_list) read_name(reader, level);
    return NULL;
}

static bool has_failed(const Reader *reader) {
    return reader->fault->var.size || error_pending();
}

/* One that is no container, or is empty; otherwise as open_container. */
static Object *read_value(Reader *reader) {
    if (!memory_left()) return NULL;
    switch (*reader->at) {
    case '"': return (Object *)read_string(reader);
    case '[': return open_container(reader, true);
    case '{': return open_container(reader, false);
    default: return is_digit(*reader->at) ? read_number(reader) : read_word(reader);
    }
}

static Object *read_document(Reader *reader) {
    skip_space(reader);
    do {
        Object *value = read_value(reader);
        while (value && reader->depth) value = put(reader, value);
        if (!value) continue;
        skip_space(reader);
        if (reader->at == reader->end) return value;
        DECREF(value);
        fail(reader, EXTRA_DATA, reader->at);
    } while (!has_failed(reader));
    while (reader->depth) {
        Level *level = &reader->levels[--reader->depth];
        DECREF(level->container);
        XDECREF(level->name);
    }
    return NULL;
}

/* What is wrong with the text goes to `fault`: the number of a message, and a place. */
Object *native__pystd___json_decoder__read(Str *text, List *fault) {
    Level *levels = mixer2_alloc(JSON_DEPTH * sizeof(Level));
    Reader reader = {text->data, text->data, text->data + text->var.size, fault, levels, 0};
    Object *value = read_document(&reader);
    mixer2_free(levels);
    return value || error_pending() ? value : none_new_reference();
}
