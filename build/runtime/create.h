/* Type.create of the built-in types: list(...), dict(...) and so on. */

#ifndef MIXER2_CREATE_H
#define MIXER2_CREATE_H

#include "object.h"

#define CREATE(name) \
    Object *name##_create(const Type *type, Object *const *args, int64_t count, Tuple *names)

CREATE(bool);
CREATE(dict);
CREATE(enumerate);
CREATE(filter);
CREATE(float);
CREATE(int);
CREATE(list);
CREATE(map);
CREATE(range);
CREATE(set); /* and frozenset */
CREATE(slice);
CREATE(tuple);
CREATE(zip);

#endif
