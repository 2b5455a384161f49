/* format(int, specification) */

#include "errors.h"
#include "float.h"
#include "format.h"
#include "format_float.h"
#include "format_spec.h"
#include "generic.h"
#include "int.h"
#include "int_type.h"
#include "utf8.h"

static Object *format_character(const FormatSpec *spec, int64_t value) {
    if (spec->sign) {
        return format_complain("Sign not allowed with integer format specifier 'c'");
    }
    if (spec->alternate) {
        return format_complain("Alternate form (#) not allowed with integer format specifier 'c'");
    }
    if (value < 0 || value >= CODE_POINT_LIMIT) {
        raise_standard_error(&Exc_OverflowError_Type, "%c arg not in range(0x110000)");
        return NULL;
    }
    int64_t left = format_left_padding(spec, 1);
    Builder builder = builder_new();
    builder_fill(&builder, spec->fill, left);
    builder_add_code_point(&builder, (uint32_t)value);
    builder_fill(&builder, spec->fill, spec->width - 1 - left);
    return (Object *)builder_finish(&builder);
}

typedef struct Base {
    uint32_t base;
    const char *prefix;
} Base;

static Base base_of(uint32_t type) {
    switch (type) {
        case 'b': return (Base){2, "0b"};
        case 'o': return (Base){8, "0o"};
        case 'x': return (Base){16, "0x"};
        case 'X': return (Base){16, "0X"};
        default: return (Base){10, ""};
    }
}

static Object *format_whole(const FormatSpec *spec, int64_t value) {
    if (spec->precision != NOT_GIVEN) {
        return format_complain("Precision not allowed in integer format specifier");
    }
    if (spec->no_negative_zero) {
        return format_complain(
            "Negative zero coercion (z) not allowed in integer format specifier");
    }
    if (spec->type == 'c') return format_character(spec, value);
    Base base = base_of(spec->type);
    char text[INT_DIGITS_MAX];
    char *end = text + sizeof text;
    char *start = int_digits(end, int_magnitude(value), base.base);
    for (char *c = start; spec->type == 'X' && c < end; c++) {
        if (*c >= 'a') *c = (char)(*c - 0x20);
    }
    NumberText number = {
        .negative = value < 0,
        .prefix = spec->alternate ? base.prefix : "",
        .digits = start,
        .digit_count = end - start,
        .rest = "",
    };
    return format_number(spec, &number);
}

static Object *format_by_spec(Object *self, Str *specification) {
    FormatSpec spec;
    if (!format_spec_parse(&spec, specification, self, '>', 'd')) return NULL;
    switch (spec.type) {
        case 'b':
        case 'c':
        case 'd':
        case 'o':
        case 'x':
        case 'X':
        case 'n': return format_whole(&spec, int_value(self));
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
        case '%': return format_double(&spec, (double)int_value(self));
        default: break;
    }
    return format_unknown_type(&spec, self);
}

Object *int_format(Object *self, Str *specification) {
    return specification->var.size ? format_by_spec(self, specification) : int_repr(self);
}

Object *bool_format(Object *self, Str *specification) {
    if (specification->var.size) return format_by_spec(self, specification);
    return (Object *)CPyBool_Str(int_value(self) != 0);
}
