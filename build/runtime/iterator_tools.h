/* Iterators made of other iterators. */

#ifndef MIXER2_ITERATOR_TOOLS_H
#define MIXER2_ITERATOR_TOOLS_H

#include "object.h"

extern Type PyEnum_Type;
extern Type PyZip_Type;
extern Type PyMap_Type;
extern Type PyFilter_Type;
extern Type PyReversed_Type;
extern Type PyCallIter_Type;

/* reversed(object); NULL with TypeError. */
Object *object_reversed(Object *object);
/* iter(function, sentinel) */
Object *call_iterator_new(Object *function, Object *sentinel);

#endif
