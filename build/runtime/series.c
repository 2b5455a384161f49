/* Metrics by the values of their labels: part of pal.metrics for compiled plugins.

   The key of a series is its values, joined with NUL. */

#include "int.h"
#include "list.h"
#include "str.h"
#include "table.h"
#include "tagged.h"

/* The key of a series: its values, a str or a list of them. NULL with MemoryError. */
Object *native__pal__metrics___key(Object *values) {
    INCREF(values);
    if (is_any_str(values)) return values;
    const List *list = (List *)values;
    const Slot *end = list->items + (uint32_t)list->var.size;
    int64_t size = 0, length = 0;
    for (const Slot *item = list->items; item < end; item++) {
        size += ((Str *)item->object)->var.size + 1;
        length += ((Str *)item->object)->length + 1;
    }
    DECREF(values);
    if (!size) return (Object *)str_empty();
    if (!memory_for((uint64_t)size)) return NULL;
    Str *key = str_reserve(size - 1, length - 1);
    char *place = key->data;
    for (const Slot *item = list->items; item < end; item++) {
        const Str *value = (Str *)item->object;
        size_t copied = (size_t)value->var.size + 1;
        memcpy(place, value->data, copied);
        place += copied;
    }
    return (Object *)key;
}

/* Whether a key is these values. Texts end with a NUL, as all but the last are followed by one in the key. */
static bool is_key(const Str *key, const List *values) {
    const char *place = key->data, *end = place + (uint32_t)key->var.size + 1;
    const Slot *last = values->items + (uint32_t)values->var.size;
    for (const Slot *item = values->items; item < last; item++) {
        const Str *value = (Str *)item->object;
        uint32_t size = (uint32_t)value->var.size + 1;
        if (size > (uint32_t)(end - place) || !equal_bytes(place, value->data, size)) return false;
        place += size;
    }
    return place == end;
}

/* The metrics of a plugin mostly meet the same values in the same order: a series is first looked for where
   the last one was found, be it of another metric. */
static uint32_t last_position;

/* What stands for no metric, as in pal.metrics. */
#define MISSING (-1)

static Tagged number_at(const Table *table, int64_t position) {
    return tagged_from(position < 0 ? MISSING : int_value(table->entries[position].value));
}

/* The metric of some values, a str or a list of them. */
Tagged native__pal__metrics___find(Object *ids, Object *values) {
    Table *table = (Table *)ids;
    /* A single value is the key, and its hash is kept. */
    if (is_any_str(values)) return number_at(table, table_find_str(table, (Str *)values));
    if (last_position < table->used) {
        const Object *key = table->entries[last_position].key;
        if (key && is_key((Str *)key, (List *)values)) return number_at(table, last_position);
    }
    Str *key = (Str *)native__pal__metrics___key(values);
    if (!key) return TAGGED_ERROR;
    int64_t position = table_find_str(table, key);
    DECREF(key);
    if (position >= 0) last_position = (uint32_t)position;
    return number_at(table, position);
}
