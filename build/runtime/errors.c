/* Raising: the pending exception and the one that is being handled. */

#include "errors.h"

#include "generic.h"
#include "int.h"
#include "none.h"
#include "str.h"
#include "tuple.h"

static Object *pending; /* owned */
static Object *handled; /* owned */

static bool is_exception(const Object *object) {
    return object->type->flags & TYPE_IS_EXCEPTION;
}

void exception_set_arguments(Exception *self, Object *const *arguments, int64_t count) {
    Object *old = (Object *)self->args;
    self->args = (Tuple *)tuple_from_array(arguments, count);
    XDECREF(old);
}

static Object *make(const Type *type, Object *const *arguments, int64_t count) {
    Object *self = instance_new(type);
    exception_set_arguments((Exception *)self, arguments, count);
    return self;
}

/* Not inlined: exceptions that hold anything else than one str start here (exception_text.h). */
__attribute__((noinline)) Object *exception_new(const Type *type, Object *const *arguments,
                                                int64_t count) {
    return make(type, arguments, count);
}

Object *exception_with_text(const Type *type, Str *text) {
    return make(type, (Object **)&text, 1);
}

Object *exception_from_codec(const Type *type, Object *const *arguments, int64_t count) {
    return make(type, arguments, count);
}

Object *exception_create(const Type *type, Object *const *arguments, int64_t count,
                         Tuple *keyword_names) {
    if (keyword_names && keyword_names->var.size) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes no keyword arguments", type->name);
        return NULL;
    }
    return exception_new(type, arguments, count);
}

/* `older` and what it leads to must not lead back to `exception`. */
static void cut_context(Object *older, const Object *exception) {
    uint32_t steps = 0;
    Exception *slow = (Exception *)older;
    for (Exception *link = (Exception *)older; link->context; link = (Exception *)link->context) {
        if (link->context == exception) {
            Object *context = link->context;
            link->context = NULL;
            DECREF(context);
            return;
        }
        /* A chain that loops elsewhere: the slow one is overtaken. */
        if (steps++ & 1 && (slow = (Exception *)slow->context) == link) return;
    }
}

static void set_context(Exception *exception) {
    if (!handled || handled == (Object *)exception) return;
    cut_context(handled, (Object *)exception);
    Object *old = exception->context;
    INCREF(handled);
    exception->context = handled;
    XDECREF(old);
}

void error_restore(Object *exception) {
    Object *old = pending;
    pending = exception;
    XDECREF(old);
}

void raise_stolen(Object *exception) {
    set_context((Exception *)exception);
    error_restore(exception);
}

void raise_object(Object *exception) {
    INCREF(exception);
    raise_stolen(exception);
}

void raise_with_argument(const Type *type, Object *argument) {
    raise_stolen(exception_new(type, &argument, 1));
}

void raise_with_text(const Type *type, Str *text) {
    raise_stolen(exception_with_text(type, text));
}

__attribute__((noinline)) void raise_key_error_str(Str *key) {
    raise_with_text(&Exc_KeyError_Type, key);
}

void raise_key_error_text(const char *text) {
    Str *key = str_from_c(text);
    raise_key_error_str(key);
    DECREF(key);
}

__attribute__((noinline)) void raise_key_error_int(Tagged key) {
    Object *boxed = int_new(tagged_value(key));
    raise_stolen(make(&Exc_KeyError_Type, &boxed, 1));
    DECREF(boxed);
}

void raise_standard_error(const Type *type, const char *message) {
    if (!message) {
        raise_stolen(make(type, NULL, 0));
        return;
    }
    Str *text = str_from_c(message);
    raise_with_text(type, text);
    DECREF(text);
}

void recursion_error(void) {
    raise_standard_error(&Exc_RecursionError_Type, "maximum recursion depth exceeded");
}

/* A new reference to an exception object, made from a class if need be; NULL with an error set. */
static Object *instance_of(Object *exception_or_type, const char *complaint) {
    if (is_exception(exception_or_type)) {
        INCREF(exception_or_type);
        return exception_or_type;
    }
    if (exception_or_type->type == &PyType_Type &&
        ((Type *)exception_or_type)->flags & TYPE_IS_EXCEPTION)
        return type_call(exception_or_type, NULL, 0, NULL);
    raise_standard_error(&Exc_TypeError_Type, complaint);
    return NULL;
}

void CPy_Raise(Object *exception_or_type) {
    Object *exception =
        instance_of(exception_or_type, "exceptions must derive from BaseException");
    if (exception) raise_stolen(exception);
}

Object *exception_set_cause(Object *exception_or_type, Object *cause_or_type) {
    Object *exception =
        instance_of(exception_or_type, "exceptions must derive from BaseException");
    if (!exception) return NULL;
    Object *cause = NULL;
    if (cause_or_type != NONE) {
        cause = instance_of(cause_or_type, "exception causes must derive from BaseException");
        if (!cause) {
            DECREF(exception);
            return NULL;
        }
    }
    Exception *self = (Exception *)exception;
    Object *old = self->cause;
    self->cause = cause;
    self->suppress_context = true;
    XDECREF(old);
    return exception;
}

Object *error_pending(void) { return pending; }

Object *error_take(void) {
    Object *exception = pending;
    pending = NULL;
    return exception;
}

void error_clear(void) { error_restore(NULL); }

bool error_clear_if(const Type *type) {
    if (!pending || !type_is_subtype(pending->type, type)) return false;
    error_clear();
    return true;
}

Object *PyErr_Occurred(void) { return pending ? (Object *)pending->type : NULL; }

bool CPy_NoErrOccurred(void) { return !pending; }

bool CPy_KeepPropagating(void) { return false; }

/* None stands for "nothing": it keeps the compiled code's reference counts uniform. */
static ExceptionInfo info_of(Object *exception) {
    Object *value = exception ? exception : NONE;
    Object *type = exception ? (Object *)exception->type : NONE;
    INCREF(value);
    INCREF(type);
    return (ExceptionInfo){.type = type, .value = value, .traceback = none_new_reference()};
}

static void set_handled(Object *exception) {
    Object *old = handled;
    handled = exception;
    XDECREF(old);
}

Object *exception_catch(void) {
    Object *previous = handled ? handled : none_new_reference();
    handled = error_take();
    return previous;
}

void exception_restore_stolen(Object *previous) {
    if (previous != NONE) {
        set_handled(previous);
        return;
    }
    DECREF(previous);
    set_handled(NULL);
}

void exception_restore(Object *previous) {
    INCREF(previous);
    exception_restore_stolen(previous);
}

ExceptionInfo CPy_CatchError(void) {
    ExceptionInfo previous = info_of(handled);
    set_handled(error_take());
    return previous;
}

void CPy_RestoreExcInfo(ExceptionInfo info) { exception_restore(info.value); }

ExceptionInfo CPy_GetExcInfo(void) { return info_of(handled); }

Object *CPy_GetExcValue(void) {
    Object *exception = handled ? handled : NONE;
    INCREF(exception);
    return exception;
}

void CPy_Reraise(void) {
    if (!handled) {
        raise_standard_error(&Exc_RuntimeError_Type, "No active exception to reraise");
        return;
    }
    INCREF(handled);
    error_restore(handled);
}

/* `type` may be a tuple of types, nested as deep as Python allows. */
static bool matches(const Type *type, Object *pattern) {
    if (pattern->type != &PyTuple_Type) return type_is_subtype(type, (Type *)pattern);
    for (int64_t i = 0; i < tuple_size(pattern); i++)
        if (matches(type, tuple_item(pattern, i))) return true;
    return false;
}

bool CPy_ExceptionMatches(Object *type) { return handled && matches(handled->type, type); }

void CPyErr_SetObjectAndTraceback(Object *type, Object *value, Object *traceback) {
    (void)traceback;
    Object *exception = value == NONE ? type : value;
    CPy_Raise(exception);
}

void exception_set_text(Object *self, Str *text) {
    exception_set_arguments((Exception *)self, (Object **)&text, 1);
}

/* super().__init__(...) in a class that extends a built-in exception. */
Object *exception_super_init(Object *self, Object *const *arguments, int64_t count) {
    exception_set_arguments((Exception *)self, arguments, count);
    return none_new_reference();
}
