/* Numbers that the host gives as bytes: parts of pal.attributes and pal.context for compiled plugins. */

#include "host_buffer.h"
#include "host_text.h"
#include "hostcall.h"

IMPORT(proxy_get_property)(const char *path, uint32_t size, char **data, uint32_t *data_size);
IMPORT(proxy_get_header_map_value)(uint32_t map, const char *name, uint32_t size, char **value,
                                   uint32_t *value_size);

enum { RESPONSE_HEADERS = 2 };

Str *native__pal__attributes__separated(Str *path);

/* An attribute of 8 bytes, two's complement and little endian. The last status says whether there is one. */
Tagged native__pal__attributes___number(Str *path) {
    Str *separated = native__pal__attributes__separated(path);
    HostText text = host_text_here(separated);
    char *data = NULL;
    uint32_t size = 0;
    host_place_offer();
    last_status = proxy_get_property(text.data, text.size, &data, &size);
    const char *found = host_place_take(data, size);
    host_text_release(&text);
    DECREF(separated);
    if (last_status != STATUS_OK) return 0;
    int64_t number;
    if (!found || size != sizeof number) {
        last_status = STATUS_PARSE_FAILURE;
        return 0;
    }
    __builtin_memcpy(&number, found, sizeof number);
    return tagged_checked(number);
}

/* The digits of :status; 0 without them. */
Tagged native__pal__context___status_code(void) {
    char *data = NULL;
    uint32_t size = 0;
    host_place_offer();
    last_status = proxy_get_header_map_value(RESPONSE_HEADERS, ":status", 7, &data, &size);
    const char *digits = host_place_take(data, size);
    int64_t code = 0;
    if (last_status == STATUS_OK && digits)
        for (const char *end = digits + size; digits < end && (uint8_t)(*digits - '0') < 10; digits++)
            code = code * 10 + (*digits - '0');
    return tagged_from(code);
}
