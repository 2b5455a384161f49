/* text % values */

#ifndef MIXER2_PERCENT_H
#define MIXER2_PERCENT_H

#include "object.h"

/* values: a tuple, a mapping for %(name)s, or the only value. */
Object *percent_format(Str *template, Object *values);

#endif
