/* Exceptions: raising, catching, chaining.

   One exception may be pending (it propagates) and one is being handled (an except clause runs).
   A function that fails sets the pending one and returns its error value. */

#ifndef MIXER2_ERRORS_H
#define MIXER2_ERRORS_H

#include "exceptions.h"
#include "object.h"
#include "tagged.h"

/* Raises type(message), or type() when `message` is NULL. Any built-in exception type. */
void raise_standard_error(const Type *type, const char *message);

/* As above with a message built from `format`: %s C string, %S Str *, %d int64_t, %T the name of an
   Object *'s type, %N as %T but None for None, %% a percent sign. */
void raise_formatted(const Type *type, const char *format, ...);

/* Raises type(argument). */
void raise_with_argument(const Type *type, Object *argument);
void raise_with_text(const Type *type, Str *text);

/* Raises KeyError(key). */
void raise_key_error_str(Str *key);
void raise_key_error_int(Tagged key);
void raise_key_error_text(const char *text);

/* Raises an instance; the exception being handled becomes its __context__. */
void raise_object(Object *exception);
void raise_stolen(Object *exception);

/* `raise exception from cause`, first half: exception or cause may be types. A new reference to the
   exception's instance; NULL with an error set. */
Object *exception_set_cause(Object *exception, Object *cause);

void recursion_error(void);

/* The pending exception, borrowed, or NULL. */
Object *error_pending(void);

/* Takes the pending exception away: the caller owns it. NULL when there is none. */
Object *error_take(void);

/* Puts back what error_take gave; steals the reference. */
void error_restore(Object *exception);

void error_clear(void);

/* True and cleared if the pending exception is an instance of `type`. */
bool error_clear_if(const Type *type);

/* Notes that the pending exception passed a line of `scope`. */
void traceback_add(const Scope *scope, uint32_t line);

/* type(*arguments). */
Object *exception_new(const Type *type, Object *const *arguments, int64_t count);

/* type(text): programs that have no other exceptions need no text of any object (exception_text.h). */
Object *exception_with_text(const Type *type, Str *text);

/* type(*arguments), where Type.str of the type knows what the codecs give. */
Object *exception_from_codec(const Type *type, Object *const *arguments, int64_t count);

/* BaseException.__init__: sets `args`. */
void exception_set_arguments(Exception *self, Object *const *arguments, int64_t count);

/* Type.create, Type.str and Type.repr of exceptions. */
Object *exception_create(const Type *type, Object *const *arguments, int64_t count,
                         Tuple *keyword_names);
Object *exception_str(Object *self);
Object *exception_repr(Object *self);

/* What mypyc's IR calls. */
typedef struct ExceptionInfo {
    Object *type;
    Object *value;
    Object *traceback;
} ExceptionInfo;

void CPy_Raise(Object *exception_or_type);
void CPy_Reraise(void);
/* The pending exception is handled from now on. Gives the one that was handled before, or None, for
   exception_restore: a new reference. */
Object *exception_catch(void);
void exception_restore(Object *previous);
void exception_restore_stolen(Object *previous);

ExceptionInfo CPy_CatchError(void);
void CPy_RestoreExcInfo(ExceptionInfo info);
bool CPy_ExceptionMatches(Object *type);
Object *CPy_GetExcValue(void);
ExceptionInfo CPy_GetExcInfo(void);
Object *PyErr_Occurred(void);
bool CPy_NoErrOccurred(void);
bool CPy_KeepPropagating(void);
void CPy_TypeError(const char *expected, Object *value);
/* The same, with more of what was expected: " or None". */
void raise_type_error(const char *expected, const char *alternative, Object *value);

#endif
