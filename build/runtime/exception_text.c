/* How exceptions read. */

#include "exception_text.h"

#include "builder.h"
#include "generic.h"
#include "tuple.h"

static int64_t argument_count(const Exception *self) {
    return self->args ? tuple_size((Object *)self->args) : 0;
}

static Object *argument(const Exception *self, int64_t index) {
    return tuple_item((Object *)self->args, index);
}

Object *exception_str(Object *self) {
    const Exception *exception = (Exception *)self;
    switch (argument_count(exception)) {
    case 0: return (Object *)str_empty();
    case 1: return PyObject_Str(argument(exception, 0));
    default: return PyObject_Str((Object *)exception->args);
    }
}

Object *exception_repr(Object *self) {
    const Exception *exception = (Exception *)self;
    int64_t count = argument_count(exception);
    Str *arguments = NULL;
    if (count) {
        arguments = (Str *)PyObject_Repr(count == 1 ? argument(exception, 0)
                                                    : (Object *)exception->args);
        if (!arguments) return NULL;
    }
    Builder text = builder_new();
    builder_add_c(&text, self->type->name);
    if (count < 2) builder_add_char(&text, '(');
    if (arguments) {
        builder_add_str(&text, arguments);
        DECREF(arguments);
    }
    if (count < 2) builder_add_char(&text, ')');
    return (Object *)builder_finish(&text);
}

Object *key_error_str(Object *self) {
    const Exception *exception = (Exception *)self;
    if (argument_count(exception) == 1) return PyObject_Repr(argument(exception, 0));
    return exception_str(self);
}

Object *os_error_str(Object *self) {
    const Exception *exception = (Exception *)self;
    if (argument_count(exception) != 2) return exception_str(self);
    Str *number = (Str *)PyObject_Str(argument(exception, 0));
    if (!number) return NULL;
    Str *reason = (Str *)PyObject_Str(argument(exception, 1));
    if (!reason) {
        DECREF(number);
        return NULL;
    }
    Builder text = builder_new();
    builder_add_c(&text, "[Errno ");
    builder_add_str(&text, number);
    builder_add_c(&text, "] ");
    builder_add_str(&text, reason);
    DECREF(number);
    DECREF(reason);
    return (Object *)builder_finish(&text);
}
