/* Attributes by name. */

#ifndef MIXER2_ATTRIBUTE_H
#define MIXER2_ATTRIBUTE_H

#include "object.h"

/* The gate of Type.attributes. In the tables of a type and its bases; NULL when there is none. */
const Attribute *type_find_attribute(const Type *type, const Str *name);

#endif
