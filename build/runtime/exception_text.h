/* How exceptions read: Type.str of the built-in classes. */

#ifndef MIXER2_EXCEPTION_TEXT_H
#define MIXER2_EXCEPTION_TEXT_H

#include "object.h"

/* str(exception): the gate of Type.str of exceptions. */
Object *exception_text(Object *exception);

Object *exception_str(Object *self);
Object *exception_repr(Object *self);

/* The repr of a single argument, so that a missing '' can be seen. */
Object *key_error_str(Object *self);

/* "[Errno 2] text" for two arguments. */
Object *os_error_str(Object *self);

/* The codec's arguments as a sentence. */
Object *unicode_decode_error_str(Object *self);
Object *unicode_encode_error_str(Object *self);

#endif
