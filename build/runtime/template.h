/* str.format: replacement fields in a template. */

#ifndef MIXER2_TEMPLATE_H
#define MIXER2_TEMPLATE_H

#include "object.h"

/* template.format(*args, **keywords); keyword values stand behind the positional ones. */
Object *template_format(Str *template, Object *const *args, int64_t count, Tuple *names);

/* "r", "s" or "a": repr(), str() or ascii(). NULL with ValueError for any other. */
Object *template_convert(Object *object, uint32_t conversion);

/* ascii(object) */
Object *builtin_ascii(Object *object);

#endif
