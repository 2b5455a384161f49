/* Doubles by the presentation types e f g % and their like. */

#ifndef MIXER2_FORMAT_FLOAT_H
#define MIXER2_FORMAT_FLOAT_H

#include "format_spec.h"

/* spec->type is one of 0 e E f F g G n %. NULL with ValueError: the precision is too big. */
Object *format_double(const FormatSpec *spec, double value);

#endif
