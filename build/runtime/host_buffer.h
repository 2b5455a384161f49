/* Buffers that the host fills: it asks for them by the exported `malloc`, writes, and passes the
   address back as a result of the host call. Each has room for an object's head in front, so that
   it becomes a Str or Bytes where it lies. */

#ifndef MIXER2_HOST_BUFFER_H
#define MIXER2_HOST_BUFFER_H

#include "object.h"

void *malloc(size_t size);

/* The object whose data is `data`, if the host may give that: it must be the latest buffer, not
   smaller than `size`. NULL otherwise, and the buffer is freed. The head is not set. */
void *host_buffer_take(const void *data, uint32_t size);

/* Has the host fill a place of ours when it next asks for up to HOST_PLACE_SIZE bytes: for values that become
   no object. */
#define HOST_PLACE_SIZE 16u
void host_place_offer(void);

/* What the host put there, or NULL: it put nothing there, or not `size` bytes. Takes the offer back. */
const char *host_place_take(const void *data, uint32_t size);

/* Frees the latest buffer if nobody took it: the host call failed after it had asked for one. */
void host_buffer_discard(void);

#endif
