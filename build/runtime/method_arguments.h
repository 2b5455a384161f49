/* Arguments that methods of text and bytes share. */

#ifndef MIXER2_METHOD_ARGUMENTS_H
#define MIXER2_METHOD_ARGUMENTS_H

#include "methods.h"
#include "str.h"

/* Optional bounds args[1] and args[2] as of find(what, start, end); None is as good as nothing. False
   with TypeError. */
bool bounds_argument(Object *const *args, int64_t count, int64_t *start, int64_t *end);

/* An int, or `*value` unchanged when there is no argument. False with TypeError. */
bool int_argument(Object *const *args, int64_t count, int64_t index, int64_t *value);

/* A str; NULL with TypeError: "<complaint>, not <type>". */
Str *str_argument(Object *argument, const char *complaint);

/* A str; NULL with TypeError: "<what> must be str, not <type>", where None is called so. */
Str *str_parameter(Object *argument, const char *what);

#endif
