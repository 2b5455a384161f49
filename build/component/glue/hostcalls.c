// The interfaces `host` and `envoy`: each function calls its namesake in `env`.
//
// Source: build/component/wit/plugin.wit; Proxy-Wasm ABI 0.2.1, "Functions exposed by the host".
#include "glue.h"

#define PROXY(name, ...) IMPORT("env", "proxy_" #name) u32 proxy_##name(__VA_ARGS__)
#define HOST(name) EXPORT("proxy-wasm:plugin/host@0.2.1#" name)
#define TEXT(name) const void *name, u32 name##_size

// componentize-py 0.25.1 copies every list argument of an import and forgets the copy, so it is freed here. Soak tests
// fail when a version comes that frees it itself.
#define FREE(name) guest_free((void *)name)

PROXY(log, u32, TEXT(message));
HOST("log") u32 host_log(u32 level, TEXT(message)) {
  u32 status = proxy_log(level, message, message_size);
  FREE(message);
  return status;
}

PROXY(get_log_level, u32 *);
HOST("get-log-level") void host_get_log_level(status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_get_log_level(&number);
  *answer = (status_u32){status, number};
}

PROXY(get_current_time_nanoseconds, u64 *);
HOST("get-current-time-nanoseconds") void host_get_current_time_nanoseconds(status_u64 *answer) {
  u64 number = 0;
  u32 status = proxy_get_current_time_nanoseconds(&number);
  *answer = (status_u64){status, number};
}

PROXY(set_tick_period_milliseconds, u32);
HOST("set-tick-period-milliseconds") u32 host_set_tick_period(u32 period) {
  return proxy_set_tick_period_milliseconds(period);
}

PROXY(get_property, TEXT(path), void **, u32 *);
HOST("get-property") void host_get_property(TEXT(path), status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_get_property(path, path_size, &found, &size);
  FREE(path);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

PROXY(set_property, TEXT(path), TEXT(value));
HOST("set-property") u32 host_set_property(TEXT(path), TEXT(value)) {
  u32 status = proxy_set_property(path, path_size, value, value_size);
  FREE(path);
  FREE(value);
  return status;
}

PROXY(get_header_map_pairs, u32, void **, u32 *);
HOST("get-header-map-pairs") void host_get_header_map_pairs(u32 map, status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_get_header_map_pairs(map, &found, &size);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

PROXY(set_header_map_pairs, u32, TEXT(pairs));
HOST("set-header-map-pairs") u32 host_set_header_map_pairs(u32 map, TEXT(pairs)) {
  u32 status = proxy_set_header_map_pairs(map, pairs, pairs_size);
  FREE(pairs);
  return status;
}

PROXY(get_header_map_value, u32, TEXT(name), void **, u32 *);
HOST("get-header-map-value") void host_get_header_map_value(u32 map, TEXT(name), status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_get_header_map_value(map, name, name_size, &found, &size);
  FREE(name);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

PROXY(add_header_map_value, u32, TEXT(name), TEXT(value));
HOST("add-header-map-value") u32 host_add_header_map_value(u32 map, TEXT(name), TEXT(value)) {
  u32 status = proxy_add_header_map_value(map, name, name_size, value, value_size);
  FREE(name);
  FREE(value);
  return status;
}

PROXY(replace_header_map_value, u32, TEXT(name), TEXT(value));
HOST("replace-header-map-value") u32 host_replace_header_map_value(u32 map, TEXT(name), TEXT(value)) {
  u32 status = proxy_replace_header_map_value(map, name, name_size, value, value_size);
  FREE(name);
  FREE(value);
  return status;
}

PROXY(remove_header_map_value, u32, TEXT(name));
HOST("remove-header-map-value") u32 host_remove_header_map_value(u32 map, TEXT(name)) {
  u32 status = proxy_remove_header_map_value(map, name, name_size);
  FREE(name);
  return status;
}

PROXY(get_header_map_size, u32, u32 *);
HOST("get-header-map-size") void host_get_header_map_size(u32 map, status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_get_header_map_size(map, &number);
  *answer = (status_u32){status, number};
}

PROXY(get_buffer_status, u32, u32 *, u32 *);
HOST("get-buffer-status") void host_get_buffer_status(u32 buffer, status_u32 *answer) {
  u32 number = 0, flags = 0;
  u32 status = proxy_get_buffer_status(buffer, &number, &flags);
  *answer = (status_u32){status, number};
}

PROXY(get_buffer_bytes, u32, u32, u32, void **, u32 *);
HOST("get-buffer-bytes") void host_get_buffer_bytes(u32 buffer, u32 start, u32 wanted, status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_get_buffer_bytes(buffer, start, wanted, &found, &size);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

PROXY(set_buffer_bytes, u32, u32, u32, TEXT(data));
HOST("set-buffer-bytes") u32 host_set_buffer_bytes(u32 buffer, u32 start, u32 size, TEXT(data)) {
  u32 status = proxy_set_buffer_bytes(buffer, start, size, data, data_size);
  FREE(data);
  return status;
}

PROXY(send_local_response, u32, TEXT(details), TEXT(body), TEXT(headers), s32);
HOST("send-local-response")
u32 host_send_local_response(u32 code, TEXT(details), TEXT(body), TEXT(headers), s32 grpc_status) {
  u32 status = proxy_send_local_response(code, details, details_size, body, body_size, headers, headers_size, grpc_status);
  FREE(details);
  FREE(body);
  FREE(headers);
  return status;
}

PROXY(continue_stream, u32);
HOST("continue-stream") u32 host_continue_stream(u32 stream) { return proxy_continue_stream(stream); }

PROXY(close_stream, u32);
HOST("close-stream") u32 host_close_stream(u32 stream) { return proxy_close_stream(stream); }

PROXY(set_effective_context, u32);
HOST("set-effective-context") u32 host_set_effective_context(u32 context) {
  return proxy_set_effective_context(context);
}

PROXY(done, void);
HOST("done") u32 host_done(void) { return proxy_done(); }

PROXY(define_metric, u32, TEXT(name), u32 *);
HOST("define-metric") void host_define_metric(u32 kind, TEXT(name), status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_define_metric(kind, name, name_size, &number);
  FREE(name);
  *answer = (status_u32){status, number};
}

PROXY(increment_metric, u32, s64);
HOST("increment-metric") u32 host_increment_metric(u32 metric, s64 offset) {
  return proxy_increment_metric(metric, offset);
}

PROXY(record_metric, u32, u64);
HOST("record-metric") u32 host_record_metric(u32 metric, u64 value) {
  return proxy_record_metric(metric, value);
}

PROXY(get_metric, u32, u64 *);
HOST("get-metric") void host_get_metric(u32 metric, status_u64 *answer) {
  u64 number = 0;
  u32 status = proxy_get_metric(metric, &number);
  *answer = (status_u64){status, number};
}

PROXY(get_shared_data, TEXT(key), void **, u32 *, u32 *);
HOST("get-shared-data") void host_get_shared_data(TEXT(key), status_bytes_u32 *answer) {
  void *found = 0;
  u32 size = 0, cas = 0;
  u32 status = proxy_get_shared_data(key, key_size, &found, &size, &cas);
  FREE(key);
  *answer = (status_bytes_u32){status, from_proxy(found, size), cas};
}

PROXY(set_shared_data, TEXT(key), TEXT(value), u32);
HOST("set-shared-data") u32 host_set_shared_data(TEXT(key), TEXT(value), u32 cas) {
  u32 status = proxy_set_shared_data(key, key_size, value, value_size, cas);
  FREE(key);
  FREE(value);
  return status;
}

PROXY(register_shared_queue, TEXT(name), u32 *);
HOST("register-shared-queue") void host_register_shared_queue(TEXT(name), status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_register_shared_queue(name, name_size, &number);
  FREE(name);
  *answer = (status_u32){status, number};
}

PROXY(resolve_shared_queue, TEXT(vm_id), TEXT(name), u32 *);
HOST("resolve-shared-queue") void host_resolve_shared_queue(TEXT(vm_id), TEXT(name), status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_resolve_shared_queue(vm_id, vm_id_size, name, name_size, &number);
  FREE(vm_id);
  FREE(name);
  *answer = (status_u32){status, number};
}

PROXY(enqueue_shared_queue, u32, TEXT(message));
HOST("enqueue-shared-queue") u32 host_enqueue_shared_queue(u32 queue, TEXT(message)) {
  u32 status = proxy_enqueue_shared_queue(queue, message, message_size);
  FREE(message);
  return status;
}

PROXY(dequeue_shared_queue, u32, void **, u32 *);
HOST("dequeue-shared-queue") void host_dequeue_shared_queue(u32 queue, status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_dequeue_shared_queue(queue, &found, &size);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

PROXY(http_call, TEXT(cluster), TEXT(headers), TEXT(body), TEXT(trailers), u32, u32 *);
HOST("http-call")
void host_http_call(TEXT(cluster), TEXT(headers), TEXT(body), TEXT(trailers), u32 timeout, status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_http_call(cluster, cluster_size, headers, headers_size, body, body_size, trailers,
                                trailers_size, timeout, &number);
  FREE(cluster);
  FREE(headers);
  FREE(body);
  FREE(trailers);
  *answer = (status_u32){status, number};
}

PROXY(grpc_call, TEXT(service), TEXT(service_name), TEXT(method), TEXT(metadata), TEXT(message), u32, u32 *);
HOST("grpc-call")
void host_grpc_call(TEXT(service), TEXT(service_name), TEXT(method), TEXT(metadata), TEXT(message), u32 timeout,
                    status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_grpc_call(service, service_size, service_name, service_name_size, method, method_size,
                                metadata, metadata_size, message, message_size, timeout, &number);
  FREE(service);
  FREE(service_name);
  FREE(method);
  FREE(metadata);
  FREE(message);
  *answer = (status_u32){status, number};
}

PROXY(grpc_stream, TEXT(service), TEXT(service_name), TEXT(method), TEXT(metadata), u32 *);
HOST("grpc-stream")
void host_grpc_stream(TEXT(service), TEXT(service_name), TEXT(method), TEXT(metadata), status_u32 *answer) {
  u32 number = 0;
  u32 status = proxy_grpc_stream(service, service_size, service_name, service_name_size, method, method_size,
                                  metadata, metadata_size, &number);
  FREE(service);
  FREE(service_name);
  FREE(method);
  FREE(metadata);
  *answer = (status_u32){status, number};
}

PROXY(grpc_send, u32, TEXT(message), u32);
HOST("grpc-send") u32 host_grpc_send(u32 token, TEXT(message), u32 end_of_stream) {
  u32 status = proxy_grpc_send(token, message, message_size, end_of_stream);
  FREE(message);
  return status;
}

PROXY(grpc_cancel, u32);
HOST("grpc-cancel") u32 host_grpc_cancel(u32 token) { return proxy_grpc_cancel(token); }

PROXY(grpc_close, u32);
HOST("grpc-close") u32 host_grpc_close(u32 token) { return proxy_grpc_close(token); }

PROXY(get_status, u32 *, void **, u32 *);
HOST("get-status") void host_get_status(status_u32_bytes *answer) {
  void *found = 0;
  u32 size = 0, code = 0;
  u32 status = proxy_get_status(&code, &found, &size);
  *answer = (status_u32_bytes){status, code, from_proxy(found, size)};
}

PROXY(call_foreign_function, TEXT(name), TEXT(arguments), void **, u32 *);
HOST("call-foreign-function") void host_call_foreign_function(TEXT(name), TEXT(arguments), status_bytes *answer) {
  void *found = 0;
  u32 size = 0;
  u32 status = proxy_call_foreign_function(name, name_size, arguments, arguments_size, &found, &size);
  FREE(name);
  FREE(arguments);
  *answer = (status_bytes){status, from_proxy(found, size)};
}

IMPORT("env", "envoy_resolve_dns") u32 envoy_resolve_dns(TEXT(name), u32 *);
EXPORT("proxy-wasm:plugin/envoy@0.2.1#resolve-dns") void envoy_resolve(TEXT(name), status_u32 *answer) {
  u32 number = 0;
  u32 status = envoy_resolve_dns(name, name_size, &number);
  FREE(name);
  *answer = (status_u32){status, number};
}
