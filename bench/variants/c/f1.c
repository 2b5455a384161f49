/* F1: read a request header, count per tenant, add a response header. */

#include "proxy_wasm.h"

static uint32_t counter_of(Text tenant) {
    Series *series = series_of(tenant);
    if (!series->counter) {
        char name[256];
        Writer writer = {name, 0, sizeof name};
        write_text(&writer, TEXT("bench_f1_requests_total{tenant="));
        write_text(&writer, series->key.data ? tenant : TEXT("other"));
        write_text(&writer, TEXT("}"));
        series->counter = define(COUNTER, (Text){name, writer.size});
    }
    return series->counter;
}

uint32_t EXPORT(proxy_on_request_headers)(uint32_t context, uint32_t count, uint32_t end) {
    (void)context, (void)count, (void)end;
    arena_reset();
#ifdef PAIRS
    Text tenant = pair(header_pairs(REQUEST_HEADERS), TEXT("x-tenant"), TEXT("unknown"));
#else
    Text tenant = header(REQUEST_HEADERS, TEXT("x-tenant"), TEXT("unknown"));
#endif
    proxy_increment_metric(counter_of(tenant), 1);
    return CONTINUE;
}

uint32_t EXPORT(proxy_on_response_headers)(uint32_t context, uint32_t count, uint32_t end) {
    (void)context, (void)count, (void)end;
    proxy_add_header_map_value(RESPONSE_HEADERS, "x-bench", 7, "f1", 2);
    return CONTINUE;
}
