/* The format specification mini-language: reading it, and laying numbers out by it. */

#include "format_spec.h"

#include "errors.h"
#include "int.h"
#include "memory.h"
#include "utf8.h"

typedef struct Reader {
    const char *text;
    const char *end;
} Reader;

static bool is_alignment(uint32_t c) {
    return c == '<' || c == '>' || c == '=' || c == '^';
}

static bool take(Reader *reader, char c) {
    if (reader->text == reader->end || *reader->text != c) return false;
    reader->text++;
    return true;
}

Object *format_complain(const char *message) {
    raise_standard_error(&Exc_ValueError_Type, message);
    return NULL;
}

/* [fill]align; true if a fill was given. */
static bool take_alignment(Reader *reader, FormatSpec *spec, bool *aligned) {
    const char *behind = reader->text;
    *aligned = false;
    if (behind == reader->end) return false;
    uint32_t fill = utf8_next(&behind);
    if (behind < reader->end && is_alignment((uint8_t)*behind)) {
        spec->fill = fill;
        spec->align = *behind;
        reader->text = behind + 1;
        *aligned = true;
        return true;
    }
    if (is_alignment(fill)) {
        spec->align = (char)fill;
        reader->text = behind;
        *aligned = true;
    }
    return false;
}

/* A number, or NOT_GIVEN. False with ValueError. */
static bool take_number(Reader *reader, int64_t *number) {
    *number = NOT_GIVEN;
    for (; reader->text < reader->end; reader->text++) {
        char c = *reader->text;
        if (c < '0' || c > '9') break;
        if (*number < 0) *number = 0;
        if (*number > (INT64_MAX - 9) / 10) {
            format_complain("Too many decimal digits in format string");
            return false;
        }
        *number = *number * 10 + (c - '0');
    }
    return true;
}

static bool take_separator(Reader *reader, FormatSpec *spec) {
    if (take(reader, ',')) spec->separator = ',';
    if (take(reader, '_')) {
        if (spec->separator) goto both;
        spec->separator = '_';
    }
    if (spec->separator != '_' || !take(reader, ',')) return true;
both:
    format_complain("Cannot specify both ',' and '_'.");
    return false;
}

static void raise_about_code(const char *plain, const char *escaped, uint32_t code, char separator,
                             Object *object) {
    bool printable = code > 32 && code < 128;
    char text[9], *end = text + 8;
    *end = 0;
    const char *shown = end - 1;
    if (printable) {
        end[-1] = (char)code;
    } else {
        shown = int_digits(end, code, 16);
    }
    const char *format = printable ? plain : escaped;
    char by[2] = {separator, 0};
    if (separator) {
        raise_formatted(&Exc_ValueError_Type, format, by, shown);
    } else {
        raise_formatted(&Exc_ValueError_Type, format, shown, object);
    }
}

Object *format_unknown_type(const FormatSpec *spec, Object *object) {
    raise_about_code("Unknown format code '%s' for object of type '%T'",
                     "Unknown format code '\\x%s' for object of type '%T'", spec->type, 0, object);
    return NULL;
}

static bool is_one_of(uint32_t c, const char *choices) {
    for (; *choices; choices++) {
        if (c == (uint8_t)*choices) return true;
    }
    return false;
}

static bool check_separator(FormatSpec *spec) {
    spec->group = 3;
    if (!spec->separator || !spec->type || is_one_of(spec->type, "defgEG%F")) return true;
    if (spec->separator == '_' && is_one_of(spec->type, "boxX")) {
        spec->group = 4;
        return true;
    }
    raise_about_code("Cannot specify '%s' with '%s'.", "Cannot specify '%s' with '\\x%s'.",
                     spec->type, spec->separator, NULL);
    return false;
}

/* Everything behind the alignment and before the type. */
static bool take_middle(Reader *reader, FormatSpec *spec, bool filled, bool aligned) {
    if (reader->text < reader->end && is_one_of((uint8_t)*reader->text, "+- ")) {
        spec->sign = *reader->text++;
    }
    spec->no_negative_zero = take(reader, 'z');
    spec->alternate = take(reader, '#');
    if (!filled && take(reader, '0')) {
        spec->fill = '0';
        if (!aligned && spec->align == '>') spec->align = '=';
    }
    if (!take_number(reader, &spec->width) || !take_separator(reader, spec)) return false;
    spec->precision = NOT_GIVEN;
    if (!take(reader, '.')) return true;
    if (!take_number(reader, &spec->precision)) return false;
    if (spec->precision != NOT_GIVEN) return true;
    format_complain("Format specifier missing precision");
    return false;
}

bool format_spec_parse(FormatSpec *spec, const Str *specification, Object *object, char align,
                       char type) {
    Reader reader = {specification->data, specification->data + specification->var.size};
    *spec = (FormatSpec){.fill = ' ', .align = align, .type = (uint8_t)type};
    bool aligned;
    bool filled = take_alignment(&reader, spec, &aligned);
    if (!take_middle(&reader, spec, filled, aligned)) return false;
    if (reader.text < reader.end) spec->type = utf8_next(&reader.text);
    if (reader.text < reader.end) {
        raise_formatted(&Exc_ValueError_Type,
                        "Invalid format specifier '%S' for object of type '%T'", specification,
                        object);
        return false;
    }
    if (spec->width > 0 && !memory_for((uint64_t)spec->width)) return false;
    return check_separator(spec);
}

void builder_fill(Builder *builder, uint32_t code_point, int64_t count) {
    if (count <= 0 || !builder_has_room(builder, (uint64_t)count * utf8_width_of(code_point))) return;
    while (count-- > 0) builder_add_code_point(builder, code_point);
}

int64_t format_left_padding(const FormatSpec *spec, int64_t length) {
    int64_t padding = spec->width - length;
    if (padding <= 0 || spec->align == '<') return 0;
    return spec->align == '^' ? padding / 2 : padding;
}

/* Separators among `digits` digits. */
static int64_t separators(const FormatSpec *spec, int64_t digits) {
    return spec->separator && digits > 0 ? (digits - 1) / spec->group : 0;
}

/* So many digits that they fill `width` with their separators: a separator never comes first, so
   the result may be one wider. */
static int64_t digits_for_width(const FormatSpec *spec, int64_t digits, int64_t width) {
    if (!spec->separator) return width > digits ? width : digits;
    int64_t most = (width * spec->group + spec->group) / (spec->group + 1);
    while (most > digits && most - 1 + separators(spec, most - 1) >= width) most--;
    while (most + separators(spec, most) < width) most++;
    return most > digits ? most : digits;
}

static void add_digits(Builder *builder, const FormatSpec *spec, const NumberText *number,
                       int64_t digits) {
    int64_t zeros = digits - number->digit_count;
    for (int64_t i = 0; i < digits; i++) {
        bool separated = spec->separator && i && (digits - i) % spec->group == 0;
        if (separated) builder_add_char(builder, spec->separator);
        builder_add_char(builder, i < zeros ? '0' : number->digits[i - zeros]);
    }
}

Object *format_number(const FormatSpec *spec, const NumberText *number) {
    char sign = number->negative ? '-' : spec->sign == '-' ? 0 : spec->sign;
    int64_t prefix = (int64_t)strlen(number->prefix);
    int64_t around = (sign != 0) + prefix + number->rest_size;
    int64_t digits = number->digit_count;
    bool zero_filled = spec->fill == '0' && spec->align == '=' && digits;
    if (zero_filled) digits = digits_for_width(spec, digits, spec->width - around);
    int64_t length = around + digits + separators(spec, digits);
    int64_t left = format_left_padding(spec, length);
    int64_t right = spec->width - length - left;
    bool inside = spec->align == '=';
    Builder builder = builder_new();
    if (!inside) builder_fill(&builder, spec->fill, left);
    if (sign) builder_add_char(&builder, sign);
    builder_add(&builder, number->prefix, (uint32_t)prefix);
    if (inside) builder_fill(&builder, spec->fill, left);
    add_digits(&builder, spec, number, digits);
    builder_add(&builder, number->rest, (uint32_t)number->rest_size);
    builder_fill(&builder, spec->fill, right);
    return (Object *)builder_finish(&builder);
}
