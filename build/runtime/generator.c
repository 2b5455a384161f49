/* Delegation between generators: yield from, and how a generator's value travels.
   Source: PEP 380. */

#include "errors.h"
#include "generic.h"
#include "none.h"
#include "str.h"
#include "tuple.h"

#define NAME(identifier, text)                                                            \
    static Str identifier = {.var = {STATIC_HEAD(&PyUnicode_Type), sizeof text - 1},       \
                             .length = sizeof text - 1,                                    \
                             .data = text}

NAME(send_name, "send");
NAME(throw_name, "throw");
NAME(close_name, "close");

/* Raises StopIteration with what a generator returned; NULL and None are no value. */
void CPyGen_SetStopIterationValue(Object *value) {
    if (!value || value == NONE)
        raise_standard_error(&Exc_StopIteration_Type, NULL);
    else
        raise_with_argument(&Exc_StopIteration_Type, value);
}

/* The value of the pending StopIteration, which is cleared; None when nothing is pending. NULL: the
   pending exception is another one, and stays. */
Object *CPy_FetchStopIterationValue(void) {
    Object *pending = error_pending();
    if (!pending) return none_new_reference();
    if (!object_is(pending, &Exc_StopIteration_Type)) return NULL;
    const Tuple *arguments = ((Exception *)pending)->args;
    Object *value = arguments->var.size ? arguments->items[0].object : NONE;
    INCREF(value);
    error_clear();
    return value;
}

/* One step: the value that was yielded. NULL with *returned set: the iterator ended; NULL alone: it
   raised. */
Object *CPyIter_Send(Object *iterator, Object *value, Object **returned) {
    Object *result;
    if (value == NONE) {
        result = CPyIter_Next(iterator);
    } else {
        Object *args[] = {iterator, value};
        result = PyObject_VectorcallMethod((Object *)&send_name, args, 2, NULL);
    }
    if (result) return result;
    Object *last = CPy_FetchStopIterationValue();
    if (last) *returned = last;
    return NULL;
}

enum { YIELDED, RETURNED, FAILED };

static int throw_into(Object *throw, Object **out) {
    ExceptionInfo info = CPy_GetExcInfo();
    Object *args[] = {info.type, info.value, info.traceback};
    *out = PyObject_Vectorcall(throw, args, 3, NULL);
    for (int i = 0; i < 3; i++) DECREF(args[i]);
    if (*out) return YIELDED;
    *out = CPy_FetchStopIterationValue();
    return *out ? RETURNED : FAILED;
}

static int close_it(Object *close) {
    Object *result = PyObject_Vectorcall(close, NULL, 0, NULL);
    if (!result) return FAILED;
    DECREF(result);
    CPy_Reraise();
    return FAILED;
}

/* The exception that is being handled came out of a `yield from`: hand it to the inner iterator. */
char CPy_YieldFromErrorHandle(Object *iterator, Object **out) {
    *out = NULL;
    bool closing = CPy_ExceptionMatches((Object *)&Exc_GeneratorExit_Type);
    Object *method = object_find_attribute(iterator, closing ? &close_name : &throw_name);
    if (!method) {
        if (!error_pending() || error_clear_if(&Exc_AttributeError_Type)) CPy_Reraise();
        return FAILED;
    }
    int outcome = closing ? close_it(method) : throw_into(method, out);
    DECREF(method);
    return (char)outcome;
}

/* `send` of a generator whose next label is 0, which has not started. */
char generator_takes(int32_t label, Object *value) {
    if (label || value == NONE) return true;
    raise_standard_error(&Exc_TypeError_Type,
                         "can't send non-None value to a just-started generator");
    return false;
}

/* The body ended with an exception; a StopIteration must not look like the end (PEP 479). */
void generator_failed(void) {
    Object *pending = error_pending();
    if (!pending || !object_is(pending, &Exc_StopIteration_Type)) return;
    Object *stop = error_take();
    raise_standard_error(&Exc_RuntimeError_Type, "generator raised StopIteration");
    Exception *error = (Exception *)error_pending();
    INCREF(stop);
    XDECREF(error->context);
    error->context = stop;
    XDECREF(error->cause);
    error->cause = stop;
    error->suppress_context = true;
}
