#include "proxy_wasm.h"

__attribute__((export_name("proxy_abi_version_0_2_1"))) void abi_version(void) {}

static _Alignas(16) char arena[65536];
static uint32_t arena_used;

void arena_reset(void) { arena_used = 0; }

__attribute__((export_name("malloc"))) void *malloc(uint32_t size) {
    uint32_t start = arena_used;
    if (size > sizeof arena - start) __builtin_trap();
    arena_used = (start + size + 15) & ~15u;
    return arena + start;
}

static void copy(char *to, const char *from, uint32_t size) {
    for (uint32_t i = 0; i < size; i++) to[i] = from[i];
}

bool equal(Text left, Text right) {
    if (left.size != right.size) return false;
    for (uint32_t i = 0; i < left.size; i++) {
        if (left.data[i] != right.data[i]) return false;
    }
    return true;
}

Text header(uint32_t map, Text name, Text absent) {
    Text value = {0, 0};
    if (proxy_get_header_map_value(map, name.data, name.size, &value.data, &value.size)) {
        return absent;
    }
    return value.size ? value : absent;
}

Text header_pairs(uint32_t map) {
    Text pairs = {0, 0};
    proxy_get_header_map_pairs(map, &pairs.data, &pairs.size);
    return pairs;
}

Text pair(Text pairs, Text name, Text absent) {
    if (pairs.size < 4) return absent;
    const uint32_t *sizes = (const uint32_t *)pairs.data;
    uint32_t count = *sizes++;
    const char *at = pairs.data + 4 + 8 * count;
    for (; count; count--, sizes += 2) {
        Text key = {at, sizes[0]}, value = {at + sizes[0] + 1, sizes[1]};
        if (equal(key, name)) return value.size ? value : absent;
        at = value.data + value.size + 1;
    }
    return absent;
}

Text property(Text path) {
    Text value = {0, 0};
    proxy_get_property(path.data, path.size, &value.data, &value.size);
    return value;
}

int64_t int_property(Text path) {
    Text value = property(path);
    return value.size == sizeof(int64_t) ? *(const int64_t *)value.data : 0;
}

void write_text(Writer *writer, Text text) {
    uint32_t room = writer->room - writer->size;
    if (text.size > room) text.size = room;
    copy(writer->data + writer->size, text.data, text.size);
    writer->size += text.size;
}

void write_number(Writer *writer, int64_t number) {
    char digits[20];
    uint32_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
    } while (rest /= 10);
    write_text(writer, (Text){digits + at, sizeof digits - at});
}

/* Open addressing; the table is never more than half full. */
enum { SLOTS = 256 };
static Series slots[SLOTS], overflow;
static uint32_t used;
static char keys[65536];
static uint32_t keys_size;

Series *series_of(Text key) {
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < key.size; i++) hash = (hash ^ (uint8_t)key.data[i]) * 16777619u;
    Series *slot = &slots[hash % SLOTS];
    while (slot->key.data && !equal(slot->key, key)) {
        if (++slot == slots + SLOTS) slot = slots;
    }
    if (slot->key.data) return slot;
    if (used == MOST_SERIES || key.size > sizeof keys - keys_size) return &overflow;
    copy(keys + keys_size, key.data, key.size);
    slot->key = (Text){keys + keys_size, key.size};
    keys_size += key.size;
    used++;
    return slot;
}

uint32_t define(uint32_t kind, Text name) {
    uint32_t id = 0;
    proxy_define_metric(kind, name.data, name.size, &id);
    return id;
}
