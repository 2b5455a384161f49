/* Buffers that the host fills. */

#include "host_buffer.h"

#include "bytes.h"
#include "str.h"

_Static_assert(offsetof(Str, data) == offsetof(Bytes, data), "a buffer becomes either");

/* The latest buffer that no object has taken over. */
static char *buffer;
static size_t buffer_size;

/* What the host gets when it asks for nothing: an address that is never freed. */
static char nothing[8];

static char place[HOST_PLACE_SIZE];
static bool is_place_offered;
static size_t place_used;

void *malloc(size_t size) {
    if (!size) return nothing;
    if (is_place_offered && size <= sizeof place) {
        is_place_offered = false;
        place_used = size;
        return place;
    }
    Str *object = size < MEMORY_LIMIT / 2 ? mixer2_try_alloc(sizeof(Str) + size + 1) : NULL;
    /* The host takes 0 for a failure of its call. */
    if (!object) return NULL;
    buffer = object->data;
    buffer_size = size;
    return buffer;
}

void host_buffer_discard(void) {
    if (!buffer) return;
    mixer2_free(buffer - offsetof(Str, data));
    buffer = NULL;
}

void host_place_offer(void) {
    is_place_offered = true;
    place_used = 0;
}

const char *host_place_take(const void *data, uint32_t size) {
    is_place_offered = false;
    host_buffer_discard();
    return data == place && size && size <= place_used ? place : NULL;
}

void *host_buffer_take(const void *data, uint32_t size) {
    if (data != buffer || size > buffer_size) {
        host_buffer_discard();
        return NULL;
    }
    void *object = buffer - offsetof(Str, data);
    buffer = NULL;
    return object;
}

Bytes *bytes_adopt(void *data, uint32_t size) {
    if (!size) {
        host_buffer_discard();
        return bytes_empty();
    }
    Bytes *bytes = host_buffer_take(data, size);
    if (!bytes) return NULL;
    bytes->var.head = (Object){1, &PyBytes_Type};
    bytes->var.size = size;
    bytes->hash = 0;
    bytes->data[size] = 0;
    return bytes;
}
