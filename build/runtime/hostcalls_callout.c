/* Host calls that go elsewhere: HTTP and gRPC callouts, DNS, functions of the proxy. */

#include "host_text.h"
#include "hostcall.h"
#include "none.h"

IMPORT(proxy_http_call)(const char *cluster, uint32_t cluster_size, const char *headers,
                        uint32_t headers_size, const char *body, uint32_t body_size,
                        const char *trailers, uint32_t trailers_size, uint32_t timeout,
                        uint32_t *token);
IMPORT(proxy_grpc_call)(const char *service, uint32_t service_size, const char *service_name,
                        uint32_t service_name_size, const char *method, uint32_t method_size,
                        const char *metadata, uint32_t metadata_size, const char *message,
                        uint32_t message_size, uint32_t timeout, uint32_t *token);
IMPORT(proxy_grpc_stream)(const char *service, uint32_t service_size, const char *service_name,
                          uint32_t service_name_size, const char *method, uint32_t method_size,
                          const char *metadata, uint32_t metadata_size, uint32_t *token);
IMPORT(proxy_grpc_send)(uint32_t token, const char *message, uint32_t size, uint32_t end);
IMPORT(proxy_grpc_cancel)(uint32_t token);
IMPORT(proxy_grpc_close)(uint32_t token);
IMPORT(proxy_get_status)(uint32_t *code, char **message, uint32_t *size);
IMPORT(proxy_call_foreign_function)(const char *name, uint32_t size, const char *arguments,
                                    uint32_t arguments_size, char **data, uint32_t *data_size);
/* Envoy's own: no other proxy has it. */
IMPORT(envoy_resolve_dns)(const char *name, uint32_t size, uint32_t *token);

/* A Bytes argument: address and size. */
#define SPAN(bytes) (bytes)->data, (uint32_t)(bytes)->var.size

Tagged native__pal__hostcalls__http_call(Str *cluster, Bytes *headers, Bytes *body,
                                         Bytes *trailers, Tagged timeout) {
    HostText text = host_text(cluster);
    uint32_t token = 0;
    uint32_t status = proxy_http_call(text.data, text.size, SPAN(headers), SPAN(body),
                                      SPAN(trailers), WORD(timeout), &token);
    host_text_release(&text);
    return number_result(status, token, -1);
}

Tagged native__pal__hostcalls__grpc_call(Bytes *service, Str *service_name, Str *method,
                                         Bytes *initial_metadata, Bytes *message,
                                         Tagged timeout) {
    HostText service_text = host_text(service_name), method_text = host_text(method);
    uint32_t token = 0;
    uint32_t status = proxy_grpc_call(SPAN(service), service_text.data, service_text.size, method_text.data,
                                      method_text.size, SPAN(initial_metadata), SPAN(message),
                                      WORD(timeout), &token);
    host_text_release(&service_text);
    host_text_release(&method_text);
    return number_result(status, token, -1);
}

Tagged native__pal__hostcalls__grpc_stream(Bytes *service, Str *service_name, Str *method,
                                           Bytes *initial_metadata) {
    HostText service_text = host_text(service_name), method_text = host_text(method);
    uint32_t token = 0;
    uint32_t status =
        proxy_grpc_stream(SPAN(service), service_text.data, service_text.size, method_text.data,
                          method_text.size, SPAN(initial_metadata), &token);
    host_text_release(&service_text);
    host_text_release(&method_text);
    return number_result(status, token, -1);
}

Tagged native__pal__hostcalls__grpc_send(Tagged token, Bytes *message, char end_of_stream) {
    return status_result(proxy_grpc_send(WORD(token), SPAN(message), (uint32_t)end_of_stream));
}

Tagged native__pal__hostcalls__grpc_cancel(Tagged token) {
    return status_result(proxy_grpc_cancel(WORD(token)));
}

Tagged native__pal__hostcalls__grpc_close(Tagged token) {
    return status_result(proxy_grpc_close(WORD(token)));
}

/* The proxy gives both at once; each caller takes one. */
static uint32_t get_status(uint32_t *code, Object **message) {
    char *data = NULL;
    uint32_t size = 0;
    *code = 0;
    uint32_t status = proxy_get_status(code, &data, &size);
    *message = text_result(status, data, size);
    return last_status;
}

Tagged native__pal__hostcalls__get_grpc_status(void) {
    uint32_t code;
    Object *message;
    uint32_t status = get_status(&code, &message);
    DECREF(message);
    return number_result(status, code, 0);
}

Object *native__pal__hostcalls__get_grpc_message(void) {
    uint32_t code;
    Object *message;
    get_status(&code, &message);
    if (message != NONE) return message;
    DECREF(message);
    return (Object *)str_empty();
}

Object *native__pal__hostcalls__call_foreign_function(Str *name, Bytes *arguments) {
    HostText text = host_text(name);
    char *data = NULL;
    uint32_t size = 0;
    uint32_t status =
        proxy_call_foreign_function(text.data, text.size, SPAN(arguments), &data, &size);
    host_text_release(&text);
    return bytes_result(status, data, size);
}

Tagged native__pal__hostcalls__resolve_dns(Str *name) {
    HostText text = host_text(name);
    uint32_t token = 0;
    uint32_t status = envoy_resolve_dns(text.data, text.size, &token);
    host_text_release(&text);
    return number_result(status, token, -1);
}
