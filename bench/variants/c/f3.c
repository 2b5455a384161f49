/* F3: a token bucket in shared data, one for all workers, by compare and swap. */

#include "proxy_wasm.h"

/* A token is refilled in whole micro-tokens; the state is what is stored. */
enum { TOKEN = 1000000, ATTEMPTS = 16 };
/* After an hour without requests a bucket is full, or will never be. */
static const int64_t LONGEST_REFILL_US = 3600000000;
static const uint32_t CREATE = 0xffffffff; /* a version that no value has: fails if one is there */

typedef struct {
    int64_t level, refilled_ns;
} Bucket;

static int64_t capacity, per_second;

static int64_t number(Text text, uint32_t *at) {
    int64_t value = 0;
    while (*at < text.size && text.data[*at] == ' ') ++*at;
    for (; *at < text.size && text.data[*at] != ' '; ++*at) {
        value = 10 * value + text.data[*at] - '0';
    }
    return value;
}

uint32_t EXPORT(proxy_on_configure)(uint32_t context, uint32_t size) {
    (void)context;
    arena_reset();
    Text text = {0, 0};
    uint32_t at = 0;
    proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, size, &text.data, &text.size);
    capacity = number(text, &at) * TOKEN;
    per_second = number(text, &at);
    return capacity > 0;
}

static bool take_token(void) {
    Text key = TEXT("bench.bucket");
    uint64_t now;
    proxy_get_current_time_nanoseconds(&now);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Text stored = {0, 0};
        uint32_t version = CREATE;
        proxy_get_shared_data(key.data, key.size, &stored.data, &stored.size, &version);
        Bucket bucket = {capacity, (int64_t)now};
        if (stored.size == sizeof bucket) {
            bucket = *(const Bucket *)stored.data;
            int64_t elapsed_us = ((int64_t)now - bucket.refilled_ns) / 1000;
            if (elapsed_us > 0) {
                bucket.refilled_ns += elapsed_us * 1000;
                if (elapsed_us > LONGEST_REFILL_US) elapsed_us = LONGEST_REFILL_US;
                bucket.level += elapsed_us * per_second;
                if (bucket.level > capacity) bucket.level = capacity;
            }
        }
        if (bucket.level < TOKEN) return false;
        bucket.level -= TOKEN;
        if (proxy_set_shared_data(key.data, key.size, &bucket, sizeof bucket, version) !=
            CAS_MISMATCH) {
            return true;
        }
    }
    return true;
}

uint32_t EXPORT(proxy_on_request_headers)(uint32_t context, uint32_t count, uint32_t end) {
    (void)context, (void)count, (void)end;
    arena_reset();
    if (take_token()) return CONTINUE;
    proxy_send_local_response(429, "bench_limited", 13, "slow down\n", 10, 0, 0, -1);
    return STOP;
}
