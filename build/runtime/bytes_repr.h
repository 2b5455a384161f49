/* How bytes and bytearray print their content. */

#ifndef MIXER2_BYTES_REPR_H
#define MIXER2_BYTES_REPR_H

#include "builder.h"

/* The quote that repr puts around the data: single, unless there are some and no double ones. */
char bytes_quote(Span data);

/* b'...' of the data; `escaped` is the quote that gets a backslash. */
void add_bytes_repr(Builder *repr, Span data, char quote, char escaped);

#endif
