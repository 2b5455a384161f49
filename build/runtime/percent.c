/* text % values: directives %[(name)][flags][width][.precision]type. */

#include "percent.h"

#include "errors.h"
#include "float.h"
#include "format_float.h"
#include "generic.h"
#include "int.h"
#include "str_index.h"
#include "template.h"
#include "tuple.h"
#include "utf8.h"

typedef struct Formatter {
    const char *place;
    const char *start;
    const char *end;
    Object *values;
    Object *named;  /* the value of the last %(name), owned; it takes the place of `values` */
    int64_t next;   /* index of the next value, when values is a tuple */
    bool used;      /* the only value, when it is not */
} Formatter;

static bool complain(const Type *type, const char *message) {
    raise_standard_error(type, message);
    return false;
}

static bool at_end(const Formatter *formatter) {
    return formatter->place == formatter->end;
}

static bool is_mapping(Object *values) {
    return values->type->get_item && !PyTuple_Check(values) && !is_any_str(values);
}

/* Borrowed; NULL with TypeError. */
static Object *next_value(Formatter *formatter) {
    Object *values = formatter->values;
    if (PyTuple_Check(values)) {
        if (formatter->next < tuple_size(values)) return tuple_item(values, formatter->next++);
    } else if (!formatter->used) {
        formatter->used = true;
        return formatter->named ? formatter->named : values;
    }
    complain(&Exc_TypeError_Type, "not enough arguments for format string");
    return NULL;
}

static bool read_name(Formatter *formatter) {
    if (at_end(formatter) || *formatter->place != '(') return true;
    if (!is_mapping(formatter->values)) {
        return complain(&Exc_TypeError_Type, "format requires a mapping");
    }
    const char *name = ++formatter->place;
    for (int depth = 1; !at_end(formatter); formatter->place++) {
        depth += (*formatter->place == '(') - (*formatter->place == ')');
        if (depth == 0) break;
    }
    if (at_end(formatter)) return complain(&Exc_ValueError_Type, "incomplete format key");
    Object *key = (Object *)str_new(name, formatter->place++ - name);
    XDECREF(formatter->named);
    formatter->named = PyObject_GetItem(formatter->values, key);
    formatter->used = false;
    DECREF(key);
    return formatter->named != NULL;
}

static void read_flags(Formatter *formatter, FormatSpec *spec) {
    bool left = false, zeros = false;
    for (; !at_end(formatter); formatter->place++) {
        char c = *formatter->place;
        if (c == '-') left = true;
        else if (c == '0') zeros = true;
        else if (c == '#') spec->alternate = true;
        else if (c == '+') spec->sign = '+';
        else if (c == ' ') spec->sign = spec->sign ? spec->sign : ' ';
        else break;
    }
    spec->align = left ? '<' : zeros ? '=' : '>';
    spec->fill = zeros && !left ? '0' : ' ';
}

/* A number up to `limit`, or `*`; what is not there leaves *number as it is. */
static bool read_number(Formatter *formatter, int64_t *number, int64_t limit,
                        const char *too_big) {
    if (!at_end(formatter) && *formatter->place == '*') {
        formatter->place++;
        Object *value = next_value(formatter);
        if (!value) return false;
        if (!is_int(value)) return complain(&Exc_TypeError_Type, "* wants int");
        *number = int_value(value);
        bool fits = *number <= limit && *number >= -limit - 1;
        return fits || complain(&Exc_OverflowError_Type, "Python int too large to convert to C int");
    }
    for (; !at_end(formatter); formatter->place++) {
        char c = *formatter->place;
        if (c < '0' || c > '9') break;
        if (*number > (limit - (c - '0')) / 10) return complain(&Exc_ValueError_Type, too_big);
        *number = (*number < 0 ? 0 : *number) * 10 + (c - '0');
    }
    return true;
}

static bool read_sizes(Formatter *formatter, FormatSpec *spec) {
    spec->width = spec->precision = NOT_GIVEN;
    if (!read_number(formatter, &spec->width, INT64_MAX, "width too big")) return false;
    if (spec->width < NOT_GIVEN) {
        spec->align = '<';
        spec->fill = ' ';
        spec->width = -spec->width;
    }
    if (at_end(formatter) || *formatter->place != '.') return true;
    formatter->place++;
    if (!read_number(formatter, &spec->precision, INT32_MAX, "precision too big")) return false;
    if (spec->precision < 0) spec->precision = 0;
    return true;
}

static bool read_type(Formatter *formatter, FormatSpec *spec) {
    if (!at_end(formatter)) {
        char c = *formatter->place;
        if (c == 'l' || c == 'h' || c == 'L') formatter->place++;
    }
    if (at_end(formatter)) return complain(&Exc_ValueError_Type, "incomplete format");
    spec->type = utf8_next(&formatter->place);
    return true;
}

static Object *pad(Object *text, FormatSpec *spec) {
    if (!text) return NULL;
    Str *part = PyUnicode_Substring((Str *)text, 0,
                                    spec->precision < 0 ? ((Str *)text)->length : spec->precision);
    DECREF(text);
    int64_t left = spec->align == '<' ? 0 : spec->width - part->length;
    Builder builder = builder_new();
    builder_fill(&builder, ' ', left);
    builder_add_str(&builder, part);
    builder_fill(&builder, ' ', spec->align == '<' ? spec->width - part->length : 0);
    DECREF(part);
    return (Object *)builder_finish(&builder);
}

static Object *character(Object *value) {
    if (is_any_str(value) && ((Str *)value)->length == 1) {
        INCREF(value);
        return value;
    }
    if (!is_int(value)) {
        complain(&Exc_TypeError_Type, "%c requires int or char");
        return NULL;
    }
    int64_t code_point = int_value(value);
    if (code_point < 0 || code_point >= CODE_POINT_LIMIT) {
        complain(&Exc_OverflowError_Type, "%c arg not in range(0x110000)");
        return NULL;
    }
    return (Object *)str_from_code_point((uint32_t)code_point);
}

/* The whole number that a directive shows: floats are cut for %d, and refused for %x. */
static bool whole(Object *value, const FormatSpec *spec, int64_t *number) {
    bool decimal = spec->type == 'd' || spec->type == 'i' || spec->type == 'u';
    if (decimal && is_float(value)) {
        Tagged cut = CPyTagged_FromFloat(float_value(value));
        *number = tagged_value(cut);
        return cut != TAGGED_ERROR;
    }
    if (int_from_index(value, number)) return true;
    if (error_clear_if(&Exc_TypeError_Type)) {
        char type[2] = {(char)spec->type, 0};
        raise_formatted(&Exc_TypeError_Type, "%%%s format: %s is required, not %T", type,
                        decimal ? "a real number" : "an integer", value);
    }
    return false;
}

#define PRECISION_LIMIT 1000000

static Object *integer(const FormatSpec *spec, Object *value) {
    int64_t number;
    if (!whole(value, spec, &number)) return NULL;
    char type = (char)spec->type;
    bool hexadecimal = type == 'x' || type == 'X';
    uint32_t base = hexadecimal ? 16 : type == 'o' ? 8 : 10;
    char text[INT_DIGITS_MAX];
    char *end = text + sizeof text, *start = int_digits(end, int_magnitude(number), base);
    for (char *c = start; type == 'X' && c < end; c++) {
        if (*c >= 'a') *c = (char)(*c - 0x20);
    }
    if (spec->precision > PRECISION_LIMIT) {
        complain(&Exc_ValueError_Type, "precision too large");
        return NULL;
    }
    Builder digits = builder_new();
    builder_fill(&digits, '0', spec->precision - (end - start));
    builder_add(&digits, start, (uint32_t)(end - start));
    Str *all = builder_finish(&digits);
    const char *prefix = type == 'x' ? "0x" : type == 'X' ? "0X" : type == 'o' ? "0o" : "";
    NumberText layout = {
        .negative = number < 0,
        .prefix = spec->alternate ? prefix : "",
        .digits = all->data,
        .digit_count = all->var.size,
        .rest = "",
    };
    Object *result = format_number(spec, &layout);
    DECREF(all);
    return result;
}

static Object *real(const FormatSpec *spec, Object *value) {
    double number;
    return float_from_object(value, &number) ? format_double(spec, number) : NULL;
}

static Object *raise_unknown(const Formatter *formatter, uint32_t type, const char *directive) {
    char text[9], *end = text + 8;
    *end = 0;
    const char *hexadecimal = int_digits(end, type, 16);
    char shown[2] = {type > 31 && type < 128 ? (char)type : '?', 0};
    int64_t index = utf8_count(formatter->start, (uint32_t)(directive - formatter->start));
    raise_formatted(&Exc_ValueError_Type,
                    "unsupported format character '%s' (0x%s) at index %d", shown, hexadecimal,
                    index);
    return NULL;
}

static Object *convert(Formatter *formatter, FormatSpec *spec, const char *directive) {
    Object *value = next_value(formatter);
    if (!value) return NULL;
    switch (spec->type) {
        case 's':
        case 'r':
        case 'a': return pad(template_convert(value, spec->type), spec);
        case 'c': spec->precision = NOT_GIVEN; return pad(character(value), spec);
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X': return integer(spec, value);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G': return real(spec, value);
        default: return raise_unknown(formatter, spec->type, directive);
    }
}

static bool add_directive(Formatter *formatter, Builder *builder) {
    FormatSpec spec = {0};
    if (!read_name(formatter)) return false;
    read_flags(formatter, &spec);
    if (!read_sizes(formatter, &spec)) return false;
    const char *directive = formatter->place;
    if (!read_type(formatter, &spec)) return false;
    Object *text = convert(formatter, &spec, directive);
    if (!text) return false;
    builder_add_str(builder, (Str *)text);
    DECREF(text);
    return true;
}

static bool add_all(Formatter *formatter, Builder *builder) {
    while (!at_end(formatter)) {
        const char *text = formatter->place;
        while (!at_end(formatter) && *formatter->place != '%') formatter->place++;
        builder_add(builder, text, (uint32_t)(formatter->place - text));
        if (at_end(formatter)) break;
        formatter->place++;
        if (!at_end(formatter) && *formatter->place == '%') {
            builder_add_char(builder, *formatter->place++);
            continue;
        }
        if (!add_directive(formatter, builder)) return false;
    }
    Object *values = formatter->values;
    bool all = PyTuple_Check(values) ? formatter->next == tuple_size(values)
                                             : formatter->used || is_mapping(values);
    return all || complain(&Exc_TypeError_Type,
                           "not all arguments converted during string formatting");
}

Object *percent_format(Str *template, Object *values) {
    const char *text = template->data;
    Formatter formatter = {
        .place = text, .start = text, .end = text + template->var.size, .values = values};
    Builder builder = builder_new();
    bool done = add_all(&formatter, &builder);
    XDECREF(formatter.named);
    if (done) return (Object *)builder_finish(&builder);
    builder_abandon(&builder);
    return NULL;
}
