/* Methods of built-in types under the calling convention of attributes. The compiler builds the
   attribute tables of the built-in types from the symbols method__TYPE__NAME, and drops those whose
   names a program never uses. */

#ifndef MIXER2_METHODS_H
#define MIXER2_METHODS_H

#include "arguments.h"
#include "errors.h"
#include "generic.h"
#include "none.h"

#define UNUSED __attribute__((unused))

#define METHOD(type, name)                                                                       \
    Object *method__##type##__##name(Object *self UNUSED, Object *const *args UNUSED,            \
                                     int64_t count UNUSED, Tuple *names UNUSED)

/* Inside a METHOD: between `minimum` and `maximum` positional arguments, or return. */
#define EXPECT(function, minimum, maximum) \
    if (!arguments_check(function, count, names, minimum, maximum)) return NULL

/* None, or NULL after an error. */
static inline Object *none_if(bool done) { return done ? none_new_reference() : NULL; }

#endif
