/* F2: telemetry. Twelve attributes, eight of them the key of a counter and a histogram, at log. */

#include "proxy_wasm.h"

static const Text labels[] = {
    {"{tenant=", 8}, {",method=", 8}, {",host=", 6},      {",agent=", 7},
    {",code=", 6},   {",flags=", 7},  {",protocol=", 10}, {",route=", 7},
};
enum { LABELS = sizeof labels / sizeof *labels };

/* `values` end with a NUL each; without values all say "other". */
static uint32_t define_labelled(uint32_t kind, Text metric, Text values) {
    char name[1024];
    Writer writer = {name, 0, sizeof name};
    write_text(&writer, metric);
    for (uint32_t i = 0, at = 0; i < LABELS; i++) {
        write_text(&writer, labels[i]);
        if (!values.size) {
            write_text(&writer, TEXT("other"));
            continue;
        }
        uint32_t end = at;
        while (values.data[end]) end++;
        write_text(&writer, (Text){values.data + at, end - at});
        at = end + 1;
    }
    write_text(&writer, TEXT("}"));
    return define(kind, (Text){name, writer.size});
}

static void write_label(Writer *key, Text value) {
    write_text(key, value);
    write_text(key, (Text){"", 1});
}

static void write_number_label(Writer *key, int64_t number) {
    write_number(key, number);
    write_text(key, (Text){"", 1});
}

void EXPORT(proxy_on_log)(uint32_t context) {
    (void)context;
    arena_reset();
#ifdef PAIRS
    Text pairs = header_pairs(REQUEST_HEADERS);
#define HEADER(name, absent) pair(pairs, TEXT(name), TEXT(absent))
#else
#define HEADER(name, absent) header(REQUEST_HEADERS, TEXT(name), TEXT(absent))
#endif
    if (equal(HEADER(":path", ""), TEXT("/healthz"))) return;
    char buffer[512];
    Writer key = {buffer, 0, sizeof buffer};
    write_label(&key, HEADER("x-tenant", "unknown"));
    write_label(&key, HEADER(":method", "none"));
    write_label(&key, HEADER(":authority", "none"));
    write_label(&key, HEADER("user-agent", "none"));
    write_number_label(&key, int_property(TEXT("response\0code")));
    write_number_label(&key, int_property(TEXT("response\0flags")));
    write_label(&key, property(TEXT("request\0protocol")));
    write_label(&key, property(TEXT("xds\0route_name")));
    int64_t bytes = int_property(TEXT("request\0total_size"));
    bytes += int_property(TEXT("response\0total_size"));
    int64_t duration_us = int_property(TEXT("request\0duration")) / 1000;

    Series *series = series_of((Text){buffer, key.size});
    if (!series->counter) {
        series->counter = define_labelled(COUNTER, TEXT("bench_f2_bytes_total"), series->key);
        series->histogram = define_labelled(HISTOGRAM, TEXT("bench_f2_duration_us"), series->key);
    }
    proxy_increment_metric(series->counter, bytes);
    proxy_record_metric(series->histogram, (uint64_t)duration_us);
}
