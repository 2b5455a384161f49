/* How exceptions read. */

#include "exception_text.h"

#include "builder.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "tuple.h"

#define CONDITIONAL __attribute__((noinline))

static int64_t argument_count(const Exception *self) {
    return self->args ? tuple_size((Object *)self->args) : 0;
}

static Object *argument(const Exception *self, int64_t index) {
    return tuple_item((Object *)self->args, index);
}

/* Exceptions mostly hold one str. What only others need is conditional on the functions that make
   such (object.h). */

CONDITIONAL Object *exception_text_of_any(const Exception *exception) {
    bool single = argument_count(exception) == 1;
    return PyObject_Str(single ? argument(exception, 0) : (Object *)exception->args);
}

Object *exception_text_of_any__otherwise(const Exception *exception) {
    (void)exception;
    return (Object *)str_empty();
}

Object *exception_str(Object *self) {
    const Exception *exception = (Exception *)self;
    int64_t count = argument_count(exception);
    if (count == 0) return (Object *)str_empty();
    if (count > 1 || !is_str(argument(exception, 0))) return exception_text_of_any(exception);
    INCREF(argument(exception, 0));
    return argument(exception, 0);
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

CONDITIONAL Object *key_text_of_str(Object *key) { return str_repr(key); }

Object *key_text_of_str__otherwise(Object *key) {
    INCREF(key);
    return key;
}

CONDITIONAL Object *key_text_of_int(Object *key) {
    return (Object *)CPyTagged_Str(tagged_from(int_value(key)));
}

Object *key_text_of_int__otherwise(Object *key) { return key_text_of_str__otherwise(key); }

CONDITIONAL Object *key_text_of_any(Object *key) { return PyObject_Repr(key); }

Object *key_text_of_any__otherwise(Object *key) { return key_text_of_str__otherwise(key); }

Object *key_error_str(Object *self) {
    const Exception *exception = (Exception *)self;
    if (argument_count(exception) != 1) return exception_str(self);
    Object *key = argument(exception, 0);
    if (is_str(key)) return key_text_of_str(key);
    if (key->type == &PyLong_Type) return key_text_of_int(key);
    return key_text_of_any(key);
}

CONDITIONAL Object *os_error_text(const Exception *exception) {
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

Object *os_error_text__otherwise(const Exception *exception) {
    return exception_text_of_any__otherwise(exception);
}

Object *os_error_str(Object *self) {
    const Exception *exception = (Exception *)self;
    return argument_count(exception) == 2 ? os_error_text(exception) : exception_str(self);
}
