/* F1 as a dynamic module: native code in Envoy's own process, without any sandbox.

   Envoy calls the hooks and offers the callbacks; strings travel as an address and a size. Of the
   hooks all must exist, also those that have nothing to do here. Names and types are those of
   source/extensions/dynamic_modules/abi/abi.h, version v0.2.0. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *data;
    size_t size;
} Text;

#define TEXT(literal) ((Text){literal, sizeof literal - 1})
#define CALLBACK(name) envoy_dynamic_module_callback_##name
#define HOOK(name) envoy_dynamic_module_on_##name
#define UNUSED_HOOK(name) \
    int HOOK(name)(void) { return 0; }

enum { CONTINUE = 0 };
enum { REQUEST_HEADERS = 0, RESPONSE_HEADERS = 2 };

extern int CALLBACK(http_filter_config_define_counter)(void *config, Text name, const Text *labels,
                                                       size_t label_count, size_t *id);
extern int CALLBACK(http_filter_increment_counter)(void *filter, size_t id, const Text *values,
                                                   size_t value_count, uint64_t amount);
extern bool CALLBACK(http_get_header)(void *filter, int map, Text key, Text *value, size_t index,
                                      size_t *count);
extern bool CALLBACK(http_add_header)(void *filter, int map, Text key, Text value);

static size_t requests;

const char *HOOK(program_init)(void) { return "v0.2.0"; }

const void *HOOK(http_filter_config_new)(void *config, Text name, Text settings) {
    (void)name, (void)settings;
    const Text label = TEXT("tenant");
    CALLBACK(http_filter_config_define_counter)(config, TEXT("bench_f1_requests_total"), &label, 1,
                                                &requests);
    return &requests;
}

const void *HOOK(http_filter_new)(const void *config, void *filter) {
    (void)filter;
    return config;
}

int HOOK(http_filter_request_headers)(void *filter, const void *module, bool end) {
    (void)module, (void)end;
    Text tenant = {0, 0};
    if (!CALLBACK(http_get_header)(filter, REQUEST_HEADERS, TEXT("x-tenant"), &tenant, 0, NULL)) {
        tenant = TEXT("unknown");
    }
    CALLBACK(http_filter_increment_counter)(filter, requests, &tenant, 1, 1);
    return CONTINUE;
}

int HOOK(http_filter_response_headers)(void *filter, const void *module, bool end) {
    (void)module, (void)end;
    CALLBACK(http_add_header)(filter, RESPONSE_HEADERS, TEXT("x-bench"), TEXT("f1"));
    return CONTINUE;
}

UNUSED_HOOK(http_filter_config_destroy)
UNUSED_HOOK(http_filter_config_http_callout_done)
UNUSED_HOOK(http_filter_config_http_stream_complete)
UNUSED_HOOK(http_filter_config_http_stream_data)
UNUSED_HOOK(http_filter_config_http_stream_headers)
UNUSED_HOOK(http_filter_config_http_stream_reset)
UNUSED_HOOK(http_filter_config_http_stream_trailers)
UNUSED_HOOK(http_filter_config_scheduled)
UNUSED_HOOK(http_filter_destroy)
UNUSED_HOOK(http_filter_downstream_above_write_buffer_high_watermark)
UNUSED_HOOK(http_filter_downstream_below_write_buffer_low_watermark)
UNUSED_HOOK(http_filter_http_callout_done)
UNUSED_HOOK(http_filter_http_stream_complete)
UNUSED_HOOK(http_filter_http_stream_data)
UNUSED_HOOK(http_filter_http_stream_headers)
UNUSED_HOOK(http_filter_http_stream_reset)
UNUSED_HOOK(http_filter_http_stream_trailers)
UNUSED_HOOK(http_filter_local_reply)
UNUSED_HOOK(http_filter_per_route_config_destroy)
UNUSED_HOOK(http_filter_per_route_config_new)
UNUSED_HOOK(http_filter_request_body)
UNUSED_HOOK(http_filter_request_trailers)
UNUSED_HOOK(http_filter_response_body)
UNUSED_HOOK(http_filter_response_trailers)
UNUSED_HOOK(http_filter_scheduled)
UNUSED_HOOK(http_filter_stream_complete)
