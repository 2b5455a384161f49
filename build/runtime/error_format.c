/* Messages that are put together: raise_formatted and the complaints built on it. */

#include <stdarg.h>

#include "builder.h"
#include "errors.h"
#include "none.h"
#include "tuple.h"

/* None is called so, other objects by their types. */
static void add_shown_type(Builder *text, const Object *object) {
    builder_add_c(text, object == NONE ? "None" : object->type->name);
}

static void add_argument(Builder *text, char directive, va_list *arguments) {
    switch (directive) {
    case 's': builder_add_c(text, va_arg(*arguments, const char *)); break;
    case 'S': builder_add_str(text, va_arg(*arguments, const Str *)); break;
    case 'd': builder_add_int(text, va_arg(*arguments, int64_t)); break;
    case 'N': add_shown_type(text, va_arg(*arguments, const Object *)); break;
    case 'T': builder_add_c(text, va_arg(*arguments, const Object *)->type->name); break;
    default: builder_add_char(text, directive);
    }
}

void raise_formatted(const Type *type, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    Builder text = builder_new();
    for (; *format; format++) {
        if (*format == '%')
            add_argument(&text, *++format, &arguments);
        else
            builder_add_char(&text, *format);
    }
    va_end(arguments);
    Str *message = builder_finish(&text);
    raise_with_text(type, message);
    DECREF(message);
}

/* The name of a value's type as mypyc words it: a tuple tells its items' types. */
static void add_type_name(Builder *text, Object *value) {
    add_shown_type(text, value);
    if (value->type != &PyTuple_Type) return;
    int64_t count = tuple_size(value);
    if (count > 10) {
        builder_add_c(text, "[<");
        builder_add_int(text, count);
        builder_add_c(text, " items>]");
        return;
    }
    builder_add_char(text, '[');
    for (int64_t i = 0; i < count; i++) {
        if (i) builder_add_c(text, ", ");
        add_type_name(text, tuple_item(value, i));
    }
    builder_add_char(text, ']');
}

void CPy_TypeError(const char *expected, Object *value) { raise_type_error(expected, "", value); }

void raise_type_error(const char *expected, const char *alternative, Object *value) {
    Builder text = builder_new();
    builder_add_c(&text, expected);
    builder_add_c(&text, alternative);
    builder_add_c(&text, " object expected; got ");
    add_type_name(&text, value);
    Str *message = builder_finish(&text);
    raise_with_text(&Exc_TypeError_Type, message);
    DECREF(message);
}
