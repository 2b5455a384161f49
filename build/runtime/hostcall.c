/* What host calls answer. */

#include "hostcall.h"

#include "host_buffer.h"
#include "none.h"
#include "str.h"
#include "tagged.h"

uint32_t last_status;

static Object *no_result(uint32_t status) {
    last_status = status;
    host_buffer_discard();
    return none_new_reference();
}

/* A host that answers with a buffer it did not ask for. */
static Object *checked_result(void *object) {
    if (!object) return no_result(STATUS_INTERNAL_FAILURE);
    last_status = STATUS_OK;
    return object;
}

Object *bytes_result(uint32_t status, char *data, uint32_t size) {
    if (status != STATUS_OK) return no_result(status);
    return checked_result(bytes_adopt(data, size));
}

Object *text_result(uint32_t status, char *data, uint32_t size) {
    if (status != STATUS_OK) return no_result(status);
    return checked_result(str_adopt(data, size));
}
