/* Proxy-Wasm 0.2.1, as little of it as the works need. */

#ifndef BENCH_PROXY_WASM_H
#define BENCH_PROXY_WASM_H

#include <stdbool.h>
#include <stdint.h>

#define IMPORT(name) \
    __attribute__((import_module("env"), import_name(#name))) extern uint32_t name
#define EXPORT(name) __attribute__((export_name(#name))) name

enum { OK = 0, NOT_FOUND = 1, CAS_MISMATCH = 8 };
enum { CONTINUE = 0, STOP = 1 };
enum { REQUEST_HEADERS = 0, RESPONSE_HEADERS = 2 };
enum { PLUGIN_CONFIGURATION = 7 };
enum { COUNTER = 0, HISTOGRAM = 2 };

/* Bytes of the guest or, until the next callback, of the arena. */
typedef struct {
    const char *data;
    uint32_t size;
} Text;

#define TEXT(literal) ((Text){literal, sizeof literal - 1})

IMPORT(proxy_get_header_map_value)(uint32_t map, const char *key, uint32_t key_size,
                                   const char **value, uint32_t *value_size);
IMPORT(proxy_get_header_map_pairs)(uint32_t map, const char **pairs, uint32_t *size);
IMPORT(proxy_add_header_map_value)(uint32_t map, const char *key, uint32_t key_size,
                                   const char *value, uint32_t value_size);
IMPORT(proxy_get_property)(const char *path, uint32_t path_size, const char **value,
                           uint32_t *value_size);
IMPORT(proxy_get_buffer_bytes)(uint32_t buffer, uint32_t start, uint32_t most, const char **data,
                               uint32_t *size);
IMPORT(proxy_define_metric)(uint32_t kind, const char *name, uint32_t name_size, uint32_t *id);
IMPORT(proxy_increment_metric)(uint32_t id, int64_t offset);
IMPORT(proxy_record_metric)(uint32_t id, uint64_t value);
IMPORT(proxy_get_current_time_nanoseconds)(uint64_t *time);
IMPORT(proxy_get_shared_data)(const char *key, uint32_t key_size, const char **value,
                              uint32_t *value_size, uint32_t *cas);
IMPORT(proxy_set_shared_data)(const char *key, uint32_t key_size, const void *value,
                              uint32_t value_size, uint32_t cas);
IMPORT(proxy_send_local_response)(uint32_t code, const char *details, uint32_t details_size,
                                  const char *body, uint32_t body_size, const char *headers,
                                  uint32_t headers_size, int32_t grpc_status);

/* The host allocates here what it returns; a callback starts with an empty arena. */
void arena_reset(void);
void *malloc(uint32_t size);

/* First value of a header; `absent` when there is none. */
Text header(uint32_t map, Text name, Text absent);
/* The same in pairs that were fetched as a whole. */
Text pair(Text pairs, Text name, Text absent);
Text header_pairs(uint32_t map);

/* An attribute; its path has NUL between the elements. */
Text property(Text path);
int64_t int_property(Text path);

bool equal(Text left, Text right);

/* A buffer that text is appended to; what does not fit is cut off. */
typedef struct {
    char *data;
    uint32_t size, room;
} Writer;

void write_text(Writer *writer, Text text);
void write_number(Writer *writer, int64_t number);

/* The metrics of a key: up to MOST_SERIES of them, later keys share the last. */
enum { MOST_SERIES = 100 };
typedef struct {
    Text key;
    uint32_t counter, histogram;
} Series;

/* The series of a key; it is new while its `counter` is 0. */
Series *series_of(Text key);
uint32_t define(uint32_t kind, Text name);

#endif
