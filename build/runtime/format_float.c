/* format(float, specification) */

#include "format_float.h"

#include "decimal.h"
#include "errors.h"
#include "float.h"
#include "float_text.h"
#include "format.h"
#include "memory.h"

/* What the specification means for the digits. */
typedef struct Style {
    char type;          /* e f g r; lower case */
    bool upper;
    bool percent;
    bool add_point_zero; /* 1. is written 1.0 */
    bool keep_zeros;    /* # */
    int64_t precision;
} Style;

#define DEFAULT_PRECISION 6
#define PRECISION_LIMIT 0x7fffffff

static Style style_of(const FormatSpec *spec) {
    Style style = {.precision = spec->precision, .keep_zeros = spec->alternate};
    uint32_t type = spec->type;
    style.upper = type == 'E' || type == 'F' || type == 'G';
    style.percent = type == '%';
    switch (type) {
        case 0: style.type = spec->precision == NOT_GIVEN ? 'r' : 'g'; break;
        case '%': style.type = 'f'; break;
        case 'n': style.type = 'g'; break;
        default: style.type = (char)(type | 0x20); break;
    }
    style.add_point_zero = type == 0;
    if (style.precision == NOT_GIVEN) style.precision = DEFAULT_PRECISION;
    return style;
}

static void add_decimals(Builder *builder, const Decimal *decimal, int64_t from, int64_t until) {
    for (int64_t i = from; i < until; i++) {
        builder_add_char(builder, i >= 0 && i < decimal->count ? decimal->digits[i] : '0');
    }
}

static void add_exponent(Builder *builder, int32_t exponent) {
    builder_add_char(builder, 'e');
    builder_add_char(builder, exponent < 0 ? '-' : '+');
    if (exponent < 0) exponent = -exponent;
    if (exponent < 10) builder_add_char(builder, '0');
    builder_add_int(builder, exponent);
}

/* Digits before and behind the point. A `point` of 0 decimals is written if `forced`. */
static void add_positional(Builder *builder, const Decimal *decimal, int64_t decimals,
                           bool forced) {
    int64_t before = decimal->point > 0 ? decimal->point : 1;
    add_decimals(builder, decimal, decimal->point - before, decimal->point);
    if (decimals > 0 || forced) builder_add_char(builder, '.');
    add_decimals(builder, decimal, decimal->point, decimal->point + decimals);
}

static void add_scientific(Builder *builder, const Decimal *decimal, int64_t decimals,
                           bool forced) {
    add_decimals(builder, decimal, 0, 1);
    if (decimals > 0 || forced) builder_add_char(builder, '.');
    add_decimals(builder, decimal, 1, 1 + decimals);
    add_exponent(builder, decimal->count ? decimal->point - 1 : 0);
}

static void limit_digits(Decimal *decimal, int64_t count) {
    if (count < decimal->count) decimal_round(decimal, count < 0 ? -1 : (int32_t)count);
    if (decimal->count == 0) decimal->point = 1; /* zero: one place before the point */
}

/* g, and r, which is g with all digits that are there. */
static void add_general(Builder *builder, Decimal *decimal, const Style *style) {
    int64_t precision = style->precision ? style->precision : 1;
    int64_t threshold = precision - style->add_point_zero;
    if (style->type == 'r') {
        precision = 17;
        threshold = 16;
    } else {
        limit_digits(decimal, precision);
    }
    if (decimal->count == 0) decimal->point = 1;
    int64_t digits = style->keep_zeros && style->type == 'g' ? precision : decimal->count;
    if (decimal->point <= -4 || decimal->point > threshold) {
        add_scientific(builder, decimal, digits - 1, style->keep_zeros);
        return;
    }
    int64_t decimals = digits > decimal->point ? digits - decimal->point : 0;
    if (decimals == 0 && style->add_point_zero) decimals = 1;
    add_positional(builder, decimal, decimals, style->keep_zeros);
}

static void add_magnitude(Builder *builder, double value, const Style *style, bool *is_zero) {
    Decimal decimal;
    if (style->type == 'r') {
        decimal_shortest(&decimal, value);
    } else {
        decimal_from_binary(&decimal, binary_from_double(value));
        if (decimal.count == 0) decimal.point = 1;
    }
    switch (style->type) {
        case 'e':
            limit_digits(&decimal, style->precision + 1);
            add_scientific(builder, &decimal, style->precision, style->keep_zeros);
            break;
        case 'f':
            limit_digits(&decimal, decimal.point + style->precision);
            add_positional(builder, &decimal, style->precision, style->keep_zeros);
            break;
        default: add_general(builder, &decimal, style); break;
    }
    *is_zero = decimal.count == 0;
}

static int64_t leading_digits(const Str *text) {
    int64_t count = 0;
    while (text->data[count] >= '0' && text->data[count] <= '9') count++;
    return count;
}

static void to_upper(Str *text) {
    for (int64_t i = 0; i < text->var.size; i++) {
        if (text->data[i] >= 'a' && text->data[i] <= 'z') {
            text->data[i] = (char)(text->data[i] - 0x20);
        }
    }
}

Object *format_double(const FormatSpec *spec, double value) {
    Style style = style_of(spec);
    if (style.precision > PRECISION_LIMIT) return format_complain("precision too big");
    if (style.percent) value *= 100;
    Builder builder = builder_new();
    bool is_zero = false;
    if (value != value) {
        builder_add_c(&builder, "nan");
    } else if (__builtin_isinf(value)) {
        builder_add_c(&builder, "inf");
    } else {
        add_magnitude(&builder, __builtin_fabs(value), &style, &is_zero);
    }
    if (style.percent) builder_add_char(&builder, '%');
    Str *text = builder_finish(&builder);
    if (style.upper) to_upper(text);
    bool negative = __builtin_signbit(value) && value == value;
    int64_t digits = leading_digits(text);
    NumberText number = {
        .negative = negative && !(is_zero && spec->no_negative_zero),
        .prefix = "",
        .digits = text->data,
        .digit_count = digits,
        .rest = text->data + digits,
        .rest_size = text->var.size - digits,
    };
    Object *result = format_number(spec, &number);
    DECREF(text);
    return result;
}

Object *float_format(Object *self, Str *specification) {
    if (specification->var.size == 0) return float_repr(self);
    FormatSpec spec;
    if (!format_spec_parse(&spec, specification, self, '>', 0)) return NULL;
    if (spec.precision > 0 && spec.precision <= INT32_MAX && !memory_for((uint64_t)spec.precision)) return NULL;
    switch (spec.type) {
        case 0:
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
        case 'n':
        case '%': return format_double(&spec, float_value(self));
        default: return format_unknown_type(&spec, self);
    }
}
