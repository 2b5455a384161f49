// The interfaces `callbacks` and `envoy-callbacks`: what the proxy calls is exported under its name, and calls the component's function.
//
// Source: build/component/wit/plugin.wit; Proxy-Wasm ABI 0.2.1, "Functions exposed by the Wasm module".
#include "glue.h"

EXPORT("proxy_abi_version_0_2_1") void abi_version(void) {}

// The proxy's buffers become the component's lists as they are.
EXPORT("proxy_on_memory_allocate") void *on_memory_allocate(u32 size) { return guest_new(size, 1); }

#define GUEST(name) IMPORT("guest", "proxy-wasm:plugin/callbacks@0.2.1#" name)
#define GUEST_POST(name) IMPORT("guest", "cabi_post_proxy-wasm:plugin/callbacks@0.2.1#" name)

// A component frees what it needed for an answer when it is told that the answer was taken.
#define CALLBACK(function, name, parameters, arguments)      \
  GUEST(name) u32 guest_##function parameters;               \
  GUEST_POST(name) void guest_post_##function(u32);          \
  EXPORT("proxy_" #function) u32 function parameters {       \
    u32 answer = guest_##function arguments;                 \
    guest_post_##function(answer);                           \
    return answer;                                           \
  }

#define CALLBACK_VOID(function, name, parameters, arguments) \
  GUEST(name) void guest_##function parameters;              \
  GUEST_POST(name) void guest_post_##function(void);         \
  EXPORT("proxy_" #function) void function parameters {      \
    guest_##function arguments;                              \
    guest_post_##function();                                 \
  }

CALLBACK_VOID(on_context_create, "on-context-create", (u32 context, u32 parent), (context, parent))
CALLBACK(on_vm_start, "on-vm-start", (u32 context, u32 size), (context, size))
CALLBACK(on_configure, "on-configure", (u32 context, u32 size), (context, size))
CALLBACK_VOID(on_tick, "on-tick", (u32 context), (context))
CALLBACK_VOID(on_queue_ready, "on-queue-ready", (u32 context, u32 queue), (context, queue))
CALLBACK(on_done, "on-done", (u32 context), (context))
CALLBACK_VOID(on_log, "on-log", (u32 context), (context))
CALLBACK_VOID(on_delete, "on-delete", (u32 context), (context))

// The canonical ABI takes any number but 0 for true; the proxy passes 0 or 1.
#define PART (u32 context, u32 size, u32 end_of_stream), (context, size, end_of_stream)
#define WHOLE (u32 context, u32 count), (context, count)
#define CALLBACK_(...) CALLBACK(__VA_ARGS__)
#define CALLBACK_VOID_(...) CALLBACK_VOID(__VA_ARGS__)

CALLBACK(on_new_connection, "on-new-connection", (u32 context), (context))
CALLBACK_(on_downstream_data, "on-downstream-data", PART)
CALLBACK_(on_upstream_data, "on-upstream-data", PART)
CALLBACK_VOID(on_downstream_connection_close, "on-downstream-connection-close", (u32 context, u32 peer),
              (context, peer))
CALLBACK_VOID(on_upstream_connection_close, "on-upstream-connection-close", (u32 context, u32 peer),
              (context, peer))

CALLBACK_(on_request_headers, "on-request-headers", PART)
CALLBACK_(on_request_body, "on-request-body", PART)
CALLBACK_(on_request_trailers, "on-request-trailers", WHOLE)
CALLBACK_(on_request_metadata, "on-request-metadata", WHOLE)
CALLBACK_(on_response_headers, "on-response-headers", PART)
CALLBACK_(on_response_body, "on-response-body", PART)
CALLBACK_(on_response_trailers, "on-response-trailers", WHOLE)
CALLBACK_(on_response_metadata, "on-response-metadata", WHOLE)

#define CALLOUT (u32 context, u32 token, u32 number), (context, token, number)

CALLBACK_VOID(on_http_call_response, "on-http-call-response",
              (u32 context, u32 token, u32 headers, u32 body_size, u32 trailers),
              (context, token, headers, body_size, trailers))
CALLBACK_VOID_(on_grpc_receive_initial_metadata, "on-grpc-receive-initial-metadata", CALLOUT)
CALLBACK_VOID_(on_grpc_receive, "on-grpc-receive", CALLOUT)
CALLBACK_VOID_(on_grpc_receive_trailing_metadata, "on-grpc-receive-trailing-metadata", CALLOUT)
CALLBACK_VOID_(on_grpc_close, "on-grpc-close", CALLOUT)
CALLBACK_VOID_(on_foreign_function, "on-foreign-function", CALLOUT)

#define ENVOY_GUEST "proxy-wasm:plugin/envoy-callbacks@0.2.1#on-resolve-dns"
IMPORT("guest", ENVOY_GUEST) void guest_on_resolve_dns(u32, u32, u32);
IMPORT("guest", "cabi_post_" ENVOY_GUEST) void guest_post_on_resolve_dns(void);
EXPORT("envoy_on_resolve_dns") void on_resolve_dns(u32 context, u32 token, u32 size) {
  guest_on_resolve_dns(context, token, size);
  guest_post_on_resolve_dns();
}
