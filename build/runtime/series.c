/* Metrics by the values of their labels: part of pal.metrics for compiled plugins.

   The key of a series is its values, joined with NUL. It is put together in a buffer and looked up there:
   most lookups need no object for it. */

#include "dict.h"
#include "list.h"
#include "none.h"
#include "str_edit.h"

#define BUFFER_SIZE 512

static char buffer[BUFFER_SIZE];

/* Bytes of the key in the buffer; -1 when it has no room for it. */
static int64_t write_key(const List *values) {
    char *end = buffer;
    uint32_t count = (uint32_t)values->var.size;
    for (uint32_t i = 0; i < count; i++) {
        const Str *value = (Str *)values->items[i].object;
        uint32_t size = (uint32_t)value->var.size;
        if (size >= (uint32_t)(buffer + BUFFER_SIZE - end)) return -1;
        memcpy(end, value->data, size);
        end += size;
        *end++ = 0;
    }
    return count ? end - buffer - 1 : 0;
}

static bool is_key(const Entry *entry, uint32_t size) {
    const Str *key = (Str *)entry->key;
    return key->var.size == size && !memcmp(key->data, buffer, size);
}

static Object *find_in_buffer(const Table *series, uint32_t size) {
    Probe probe = table_probe(series, hash_of_bytes(buffer, size));
    int64_t position;
    while ((position = table_candidate(series, &probe)) >= 0)
        if (is_key(&series->entries[position], size)) break;
    return table_value(series, position, NONE);
}

/* The series of some values, a str or a list of them; None without one. */
Object *native__pal__metrics___find(Object *series, Object *values) {
    /* A single value is the key, and its hash is kept. */
    if (is_any_str(values)) return dict_get_str(series, (Str *)values, NONE);
    int64_t size = write_key((List *)values);
    if (size >= 0) return find_in_buffer((Table *)series, (uint32_t)size);
    static const Str separator = {.var = {.size = 1}, .length = 1, .data = {0, 0}};
    Str *key = str_join_sequence(&separator, values);
    if (!key) return NULL;
    Object *found = dict_get_str(series, key, NONE);
    DECREF(key);
    return found;
}
