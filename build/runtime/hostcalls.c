/* Host calls: pal.hostcalls for compiled plugins.

   One function per host call, each its own section, so that a module imports what it uses. The
   imports are those of Proxy-Wasm 0.2.1. A call that yields bytes passes the places of an address
   and a size; the host fills a buffer of ours (host_buffer.h), which becomes the result. */

#include "host_text.h"
#include "hostcall.h"
#include "tagged.h"


IMPORT(proxy_log)(uint32_t level, const char *message, uint32_t size);
IMPORT(proxy_get_log_level)(uint32_t *level);
IMPORT(proxy_get_current_time_nanoseconds)(uint64_t *time);
IMPORT(proxy_set_tick_period_milliseconds)(uint32_t period);
Str *native__pal__attributes__separated(Str *path);

IMPORT(proxy_get_property)(const char *path, uint32_t size, char **data, uint32_t *data_size);
IMPORT(proxy_set_property)(const char *path, uint32_t size, const char *value, uint32_t value_size);
IMPORT(proxy_get_header_map_pairs)(uint32_t map, char **pairs, uint32_t *size);
IMPORT(proxy_set_header_map_pairs)(uint32_t map, const char *pairs, uint32_t size);
IMPORT(proxy_get_header_map_value)(uint32_t map, const char *name, uint32_t size, char **value,
                                   uint32_t *value_size);
IMPORT(proxy_add_header_map_value)(uint32_t map, const char *name, uint32_t size,
                                   const char *value, uint32_t value_size);
IMPORT(proxy_replace_header_map_value)(uint32_t map, const char *name, uint32_t size,
                                       const char *value, uint32_t value_size);
IMPORT(proxy_remove_header_map_value)(uint32_t map, const char *name, uint32_t size);
IMPORT(proxy_get_header_map_size)(uint32_t map, uint32_t *size);
IMPORT(proxy_get_buffer_status)(uint32_t type, uint32_t *size, uint32_t *flags);
IMPORT(proxy_get_buffer_bytes)(uint32_t type, uint32_t start, uint32_t max_size, char **data,
                               uint32_t *size);
IMPORT(proxy_set_buffer_bytes)(uint32_t type, uint32_t start, uint32_t size, const char *data,
                               uint32_t data_size);
IMPORT(proxy_send_local_response)(uint32_t status_code, const char *details, uint32_t details_size,
                                  const char *body, uint32_t body_size, const char *headers,
                                  uint32_t headers_size, uint32_t grpc_status);
IMPORT(proxy_continue_stream)(uint32_t type);
IMPORT(proxy_close_stream)(uint32_t type);
IMPORT(proxy_set_effective_context)(uint32_t context_id);
IMPORT(proxy_done)(void);
IMPORT(proxy_define_metric)(uint32_t type, const char *name, uint32_t size, uint32_t *id);
IMPORT(proxy_increment_metric)(uint32_t id, int64_t offset);
IMPORT(proxy_record_metric)(uint32_t id, uint64_t value);
IMPORT(proxy_get_metric)(uint32_t id, uint64_t *value);

Tagged native__pal__hostcalls__last_status(void) { return tagged_from(last_status); }

Tagged native__pal__hostcalls__log(Tagged level, Str *message) {
    HostText text = host_text(message);
    uint32_t status = proxy_log(WORD(level), text.data, text.size);
    host_text_release(&text);
    return status_result(status);
}

Tagged native__pal__hostcalls__get_log_level(void) {
    uint32_t level = 0;
    uint32_t status = proxy_get_log_level(&level);
    return number_result(status, level, 0);
}

Tagged native__pal__hostcalls__get_current_time_nanoseconds(void) {
    uint64_t time = 0;
    uint32_t status = proxy_get_current_time_nanoseconds(&time);
    return number_result(status, (int64_t)time, 0);
}

Tagged native__pal__hostcalls__set_tick_period_milliseconds(Tagged period) {
    return status_result(proxy_set_tick_period_milliseconds(WORD(period)));
}

Object *native__pal__hostcalls__get_property(Str *path) {
    HostText text = host_text(path);
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_get_property(text.data, text.size, &data, &size);
    host_text_release(&text);
    return bytes_result(status, data, size);
}

/* The same as text, of a path whose elements may be separated by dots. */
Object *native__pal__attributes___text(Str *path) {
    Str *separated = native__pal__attributes__separated(path);
    HostText text = host_text_here(separated);
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_get_property(text.data, text.size, &data, &size);
    host_text_release(&text);
    DECREF(separated);
    return text_result(status, data, size);
}

Tagged native__pal__hostcalls__set_property(Str *path, Bytes *value) {
    HostText text = host_text(path);
    uint32_t status =
        proxy_set_property(text.data, text.size, value->data, (uint32_t)value->var.size);
    host_text_release(&text);
    return status_result(status);
}

Object *native__pal__hostcalls__get_header_map_pairs(Tagged map) {
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_get_header_map_pairs(WORD(map), &data, &size);
    return bytes_result(status, data, size);
}

Tagged native__pal__hostcalls__set_header_map_pairs(Tagged map, Bytes *pairs) {
    return status_result(
        proxy_set_header_map_pairs(WORD(map), pairs->data, (uint32_t)pairs->var.size));
}

Object *native__pal__hostcalls__get_header_map_value(Tagged map, Str *name) {
    HostText text = host_text(name);
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_get_header_map_value(WORD(map), text.data, text.size, &data, &size);
    host_text_release(&text);
    return text_result(status, data, size);
}

/* The three header edits differ in the import alone. */
typedef uint32_t HeaderEdit(uint32_t, const char *, uint32_t, const char *, uint32_t);

static inline __attribute__((always_inline)) Tagged edit_header(HeaderEdit *edit, Tagged map,
                                                                Str *name, Str *value) {
    HostText name_text = host_text(name);
    HostText value_text = host_text(value);
    uint32_t status =
        edit(WORD(map), name_text.data, name_text.size, value_text.data, value_text.size);
    host_text_release(&name_text);
    host_text_release(&value_text);
    return status_result(status);
}

Tagged native__pal__hostcalls__add_header_map_value(Tagged map, Str *name, Str *value) {
    return edit_header(proxy_add_header_map_value, map, name, value);
}

Tagged native__pal__hostcalls__replace_header_map_value(Tagged map, Str *name, Str *value) {
    return edit_header(proxy_replace_header_map_value, map, name, value);
}

Tagged native__pal__hostcalls__remove_header_map_value(Tagged map, Str *name) {
    HostText text = host_text(name);
    uint32_t status = proxy_remove_header_map_value(WORD(map), text.data, text.size);
    host_text_release(&text);
    return status_result(status);
}

Tagged native__pal__hostcalls__get_header_map_size(Tagged map) {
    uint32_t size = 0;
    uint32_t status = proxy_get_header_map_size(WORD(map), &size);
    return number_result(status, size, -1);
}

Tagged native__pal__hostcalls__get_buffer_status(Tagged type) {
    uint32_t size = 0, flags = 0;
    uint32_t status = proxy_get_buffer_status(WORD(type), &size, &flags);
    return number_result(status, size, -1);
}

Object *native__pal__hostcalls__get_buffer_bytes(Tagged type, Tagged start, Tagged max_size) {
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_get_buffer_bytes(WORD(type), WORD(start), WORD(max_size), &data, &size);
    return bytes_result(status, data, size);
}

Tagged native__pal__hostcalls__set_buffer_bytes(Tagged type, Tagged start, Tagged size,
                                                Bytes *data) {
    return status_result(proxy_set_buffer_bytes(WORD(type), WORD(start), WORD(size), data->data,
                                                (uint32_t)data->var.size));
}

Tagged native__pal__hostcalls__send_local_response(Tagged status_code, Str *details, Bytes *body,
                                                   Bytes *headers, Tagged grpc_status) {
    HostText text = host_text(details);
    uint32_t status = proxy_send_local_response(
        WORD(status_code), text.data, text.size, body->data, (uint32_t)body->var.size,
        headers->data, (uint32_t)headers->var.size, WORD(grpc_status));
    host_text_release(&text);
    return status_result(status);
}

Tagged native__pal__hostcalls__continue_stream(Tagged type) {
    return status_result(proxy_continue_stream(WORD(type)));
}

Tagged native__pal__hostcalls__close_stream(Tagged type) {
    return status_result(proxy_close_stream(WORD(type)));
}

Tagged native__pal__hostcalls__set_effective_context(Tagged context_id) {
    return status_result(proxy_set_effective_context(WORD(context_id)));
}

Tagged native__pal__hostcalls__done(void) { return status_result(proxy_done()); }

Tagged native__pal__hostcalls__define_metric(Tagged type, Str *name) {
    HostText text = host_text(name);
    uint32_t id = 0;
    uint32_t status = proxy_define_metric(WORD(type), text.data, text.size, &id);
    host_text_release(&text);
    return number_result(status, id, -1);
}

Tagged native__pal__hostcalls__increment_metric(Tagged id, Tagged offset) {
    return status_result(proxy_increment_metric(WORD(id), tagged_value(offset)));
}

Tagged native__pal__hostcalls__record_metric(Tagged id, Tagged value) {
    return status_result(proxy_record_metric(WORD(id), (uint64_t)tagged_value(value)));
}

Tagged native__pal__hostcalls__get_metric(Tagged id) {
    uint64_t value = 0;
    uint32_t status = proxy_get_metric(WORD(id), &value);
    return number_result(status, (int64_t)value, 0);
}
