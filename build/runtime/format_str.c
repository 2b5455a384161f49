/* format(str, specification) */

#include "format.h"
#include "format_spec.h"
#include "str_index.h"

static const char *complaint(const FormatSpec *spec) {
    if (spec->sign == ' ') return "Space not allowed in string format specifier";
    if (spec->sign) return "Sign not allowed in string format specifier";
    if (spec->no_negative_zero) {
        return "Negative zero coercion (z) not allowed in string format specifier";
    }
    if (spec->alternate) return "Alternate form (#) not allowed in string format specifier";
    if (spec->align == '=') return "'=' alignment not allowed in string format specifier";
    return NULL;
}

static Object *str_pad(Str *text, const FormatSpec *spec) {
    int64_t length = text->length;
    int64_t left = format_left_padding(spec, length);
    Builder builder = builder_new();
    builder_fill(&builder, spec->fill, left);
    builder_add_str(&builder, text);
    builder_fill(&builder, spec->fill, spec->width - length - left);
    return (Object *)builder_finish(&builder);
}

Object *str_format(Object *self, Str *specification) {
    FormatSpec spec;
    if (specification->var.size == 0) {
        INCREF(self);
        return self;
    }
    if (!format_spec_parse(&spec, specification, self, '<', 's')) return NULL;
    if (spec.type != 's') return format_unknown_type(&spec, self);
    const char *message = complaint(&spec);
    if (message) return format_complain(message);
    if (spec.precision == NOT_GIVEN || spec.precision >= ((Str *)self)->length) {
        return str_pad((Str *)self, &spec);
    }
    Str *part = PyUnicode_Substring((Str *)self, 0, spec.precision);
    Object *padded = str_pad(part, &spec);
    DECREF(part);
    return padded;
}
