/* Host calls on what plugins share: shared data and queues. */

#include "host_text.h"
#include "hostcall.h"

IMPORT(proxy_get_shared_data)(const char *key, uint32_t size, char **data, uint32_t *data_size,
                              uint32_t *cas);
IMPORT(proxy_set_shared_data)(const char *key, uint32_t size, const char *value,
                              uint32_t value_size, uint32_t cas);
IMPORT(proxy_register_shared_queue)(const char *name, uint32_t size, uint32_t *token);
IMPORT(proxy_resolve_shared_queue)(const char *vm_id, uint32_t vm_id_size, const char *name,
                                   uint32_t size, uint32_t *token);
IMPORT(proxy_enqueue_shared_queue)(uint32_t token, const char *data, uint32_t size);
IMPORT(proxy_dequeue_shared_queue)(uint32_t token, char **data, uint32_t *size);

static uint32_t last_cas;

Object *native__pal__hostcalls__get_shared_data(Str *key) {
    HostText text = host_text(key);
    char *data = NULL;
    uint32_t size = 0;
    last_cas = 0;
    uint32_t status = proxy_get_shared_data(text.data, text.size, &data, &size, &last_cas);
    host_text_release(&text);
    return bytes_result(status, data, size);
}

Tagged native__pal__hostcalls__last_shared_data_cas(void) { return tagged_from(last_cas); }

Tagged native__pal__hostcalls__set_shared_data(Str *key, Bytes *value, Tagged cas) {
    HostText text = host_text(key);
    uint32_t status = proxy_set_shared_data(text.data, text.size, value->data,
                                            (uint32_t)value->var.size, WORD(cas));
    host_text_release(&text);
    return status_result(status);
}

Tagged native__pal__hostcalls__register_shared_queue(Str *name) {
    HostText text = host_text(name);
    uint32_t token = 0;
    uint32_t status = proxy_register_shared_queue(text.data, text.size, &token);
    host_text_release(&text);
    return number_result(status, token, -1);
}

Tagged native__pal__hostcalls__resolve_shared_queue(Str *vm_id, Str *name) {
    HostText vm_text = host_text(vm_id);
    HostText text = host_text(name);
    uint32_t token = 0;
    uint32_t status =
        proxy_resolve_shared_queue(vm_text.data, vm_text.size, text.data, text.size, &token);
    host_text_release(&vm_text);
    host_text_release(&text);
    return number_result(status, token, -1);
}

Tagged native__pal__hostcalls__enqueue_shared_queue(Tagged token, Bytes *data) {
    return status_result(
        proxy_enqueue_shared_queue(WORD(token), data->data, (uint32_t)data->var.size));
}

Object *native__pal__hostcalls__dequeue_shared_queue(Tagged token) {
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status = proxy_dequeue_shared_queue(WORD(token), &data, &size);
    return bytes_result(status, data, size);
}
