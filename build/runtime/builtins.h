/* Built-in functions as the module `builtins` gives them, for calls that mypyc leaves dynamic. The
   compiler makes a function object of the symbol builtin__NAME for the names that a program uses. */

#ifndef MIXER2_BUILTINS_H
#define MIXER2_BUILTINS_H

#include "methods.h"

#define BUILTIN(name)                                                                        \
    Object *builtin__##name(Object *callee UNUSED, Object *const *args UNUSED,               \
                            int64_t count UNUSED, Tuple *names UNUSED)

#endif
