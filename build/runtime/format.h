/* Text from values by a format specification: Type.format of the built-in types. */

#ifndef MIXER2_FORMAT_H
#define MIXER2_FORMAT_H

#include "object.h"

Object *int_format(Object *self, Str *specification);
Object *bool_format(Object *self, Str *specification);
Object *float_format(Object *self, Str *specification);
Object *str_format(Object *self, Str *specification);

#endif
