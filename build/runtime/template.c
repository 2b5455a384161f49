/* str.format. A template is text with fields {name!conversion:specification}; a specification may
   itself hold fields, one level deep. */

#include "template.h"

#include "arguments.h"
#include "builder.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "utf8.h"

typedef struct Arguments {
    Object *const *positional;
    int64_t count;
    Tuple *names;
    int64_t next; /* for {}; -1 once a number was given */
    bool numbered;
} Arguments;

/* A part of the template. */
typedef struct Span {
    const char *start;
    const char *end;
} Span;

static bool complain(const char *message) {
    raise_standard_error(&Exc_ValueError_Type, message);
    return false;
}

static bool format_into(Builder *builder, Span template, Arguments *arguments, int depth);

/* All digits, at least one: the number; otherwise -1. */
static int64_t number_in(Span span) {
    int64_t number = 0;
    if (span.start == span.end) return -1;
    for (const char *c = span.start; c < span.end; c++) {
        if (*c < '0' || *c > '9' || number > (INT64_MAX - 9) / 10) return -1;
        number = number * 10 + (*c - '0');
    }
    return number;
}

static Object *positional(Arguments *arguments, int64_t index) {
    if (index < arguments->count) {
        Object *value = arguments->positional[index];
        INCREF(value);
        return value;
    }
    raise_formatted(&Exc_IndexError_Type,
                    "Replacement index %d out of range for positional args tuple", index);
    return NULL;
}

static Object *numbered(Arguments *arguments, int64_t index) {
    bool automatic = index < 0;
    if (automatic ? arguments->numbered : arguments->next > 0) {
        complain(automatic ? "cannot switch from manual field specification to automatic field "
                             "numbering"
                           : "cannot switch from automatic field numbering to manual field "
                             "specification");
        return NULL;
    }
    if (automatic) return positional(arguments, arguments->next++);
    arguments->numbered = true;
    return positional(arguments, index);
}

static Object *named(const Arguments *arguments, Span span) {
    Str *wanted = str_new(span.start, span.end - span.start);
    for (int64_t i = 0; i < keyword_count(arguments->names); i++) {
        if (!str_equal(keyword_name(arguments->names, i), wanted)) continue;
        DECREF(wanted);
        Object *value = arguments->positional[arguments->count + i];
        INCREF(value);
        return value;
    }
    raise_with_argument(&Exc_KeyError_Type, (Object *)wanted);
    DECREF(wanted);
    return NULL;
}

static Object *first_object(Arguments *arguments, Span span) {
    int64_t index = number_in(span);
    bool is_number = span.start == span.end || index >= 0;
    return is_number ? numbered(arguments, index) : named(arguments, span);
}

static const char *find_any(Span span, const char *wanted) {
    for (const char *c = span.start; c < span.end; c++) {
        for (const char *w = wanted; *w; w++) {
            if (*c == *w) return c;
        }
    }
    return span.end;
}

static Object *attribute_of(Object *object, Span span) {
    Str *name = str_new(span.start, span.end - span.start);
    Object *value = PyObject_GetAttr(object, (Object *)name);
    DECREF(name);
    return value;
}

static Object *item_of(Object *object, Span span) {
    int64_t index = number_in(span);
    Object *key = index >= 0 ? int_new(index) : (Object *)str_new(span.start, span.end - span.start);
    Object *value = PyObject_GetItem(object, key);
    DECREF(key);
    return value;
}

/* `.name` or `[key]` at *place, which moves behind it. */
static Object *follow(Object *object, const char **place, const char *end) {
    bool dotted = **place == '.';
    if (!dotted && **place != '[') {
        complain("Only '.' or '[' may follow ']' in format field specifier");
        return NULL;
    }
    Span rest = {*place + 1, end};
    Span part = {rest.start, find_any(rest, dotted ? ".[" : "]")};
    if (!dotted && part.end == end) {
        complain("Missing ']' in format string");
        return NULL;
    }
    if (part.start == part.end) {
        complain("Empty attribute in format string");
        return NULL;
    }
    *place = part.end + !dotted;
    return dotted ? attribute_of(object, part) : item_of(object, part);
}

static Object *field_object(Arguments *arguments, Span name) {
    const char *place = find_any(name, ".[");
    Object *object = first_object(arguments, (Span){name.start, place});
    while (object && place < name.end) {
        Object *inner = follow(object, &place, name.end);
        DECREF(object);
        object = inner;
    }
    return object;
}

/* \xhh, \uhhhh or \Uhhhhhhhh */
static void add_escaped(Builder *builder, uint32_t code_point) {
    if (code_point < 0x80) {
        builder_add_char(builder, (char)code_point);
        return;
    }
    int digits = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
    builder_add_char(builder, '\\');
    builder_add_char(builder, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    while (digits--) builder_add_char(builder, "0123456789abcdef"[code_point >> 4 * digits & 15]);
}

Object *builtin_ascii(Object *object) {
    Object *repr = PyObject_Repr(object);
    if (!repr || str_is_ascii((Str *)repr)) return repr;
    Builder builder = builder_new();
    const char *place = ((Str *)repr)->data, *end = place + ((Str *)repr)->var.size;
    while (place < end) add_escaped(&builder, utf8_next(&place));
    DECREF(repr);
    return (Object *)builder_finish(&builder);
}

Object *template_convert(Object *object, uint32_t conversion) {
    switch (conversion) {
        case 'r': return PyObject_Repr(object);
        case 's': return PyObject_Str(object);
        case 'a': return builtin_ascii(object);
        default: break;
    }
    char text[9], *end = text + 8;
    *end = 0;
    if (conversion > 32 && conversion < 127) {
        end[-1] = (char)conversion;
        raise_formatted(&Exc_ValueError_Type, "Unknown conversion specifier %s", end - 1);
    } else {
        raise_formatted(&Exc_ValueError_Type, "Unknown conversion specifier \\x%s",
                        int_digits(end, conversion, 16));
    }
    return NULL;
}

/* A field taken apart; conversion 0: none. */
typedef struct Field {
    Span name;
    uint32_t conversion;
    Span specification;
} Field;

/* Up to the brace that closes the field; *place moves behind it. */
static bool parse_field(Field *field, const char **place, const char *end) {
    const char *c = *place;
    field->name.start = c;
    for (; c < end && *c != '}' && *c != ':' && *c != '!'; c++) {
        if (*c == '{') return complain("unexpected '{' in field name");
        if (*c == '[') c = find_any((Span){c, end}, "]");
        if (c == end) break;
    }
    field->name.end = c;
    field->conversion = 0;
    field->specification = (Span){c, c};
    if (c == end) return complain("expected '}' before end of string");
    if (*c == '!') {
        c++;
        if (c == end) return complain("end of string while looking for conversion specifier");
        field->conversion = utf8_next(&c);
        if (c == end) return complain("unmatched '{' in format spec");
        if (*c != ':' && *c != '}') return complain("expected ':' after conversion specifier");
    }
    if (*c == ':') {
        int depth = 1;
        field->specification.start = ++c;
        for (; c < end; c++) {
            depth += (*c == '{') - (*c == '}');
            if (depth == 0) break;
        }
        field->specification.end = c;
        if (c == end) return complain("unmatched '{' in format spec");
    }
    *place = c + 1;
    return true;
}

/* The specification with its own fields replaced. */
static Object *expand(Span specification, Arguments *arguments, int depth) {
    if (find_any(specification, "{") == specification.end) {
        return (Object *)str_new(specification.start, specification.end - specification.start);
    }
    Builder builder = builder_new();
    if (format_into(&builder, specification, arguments, depth - 1)) {
        return (Object *)builder_finish(&builder);
    }
    builder_abandon(&builder);
    return NULL;
}

static bool add_formatted(Builder *builder, Object *object, Object *specification) {
    Object *text = PyObject_Format(object, specification);
    if (!text) return false;
    builder_add_str(builder, (Str *)text);
    DECREF(text);
    return true;
}

static bool add_field(Builder *builder, const Field *field, Arguments *arguments, int depth) {
    Object *object = field_object(arguments, field->name);
    if (object && field->conversion) {
        Object *converted = template_convert(object, field->conversion);
        DECREF(object);
        object = converted;
    }
    if (!object) return false;
    Object *specification = expand(field->specification, arguments, depth);
    bool added = specification && add_formatted(builder, object, specification);
    XDECREF(specification);
    DECREF(object);
    return added;
}

static bool format_into(Builder *builder, Span template, Arguments *arguments, int depth) {
    if (depth < 0) return complain("Max string recursion exceeded");
    const char *place = template.start;
    while (place < template.end) {
        const char *brace = find_any((Span){place, template.end}, "{}");
        builder_add(builder, place, (uint32_t)(brace - place));
        if (brace == template.end) break;
        place = brace + 1;
        bool doubled = place < template.end && *place == *brace;
        if (doubled) {
            builder_add_char(builder, *place++);
            continue;
        }
        if (*brace == '}') return complain("Single '}' encountered in format string");
        if (place == template.end) return complain("Single '{' encountered in format string");
        Field field;
        if (!parse_field(&field, &place, template.end)) return false;
        if (!add_field(builder, &field, arguments, depth)) return false;
    }
    return true;
}

Object *template_format(Str *template, Object *const *args, int64_t count, Tuple *names) {
    Arguments arguments = {.positional = args, .count = count, .names = names};
    Builder builder = builder_new();
    Span all = {template->data, template->data + template->var.size};
    if (format_into(&builder, all, &arguments, 1)) return (Object *)builder_finish(&builder);
    builder_abandon(&builder);
    return NULL;
}
