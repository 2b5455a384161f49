/* Header maps as the host gives them: pal.pairs for compiled plugins.

   Layout, little endian: u32 n; n times u32 name size, u32 value size; n times name, NUL, value, NUL.
   Source: proxy-wasm-cpp-host, pairs_util. What is malformed behaves as if the map ended before it. */

#include "host_text.h"
#include "none.h"
#include "tagged.h"

#include "errors.h"
#include "bytes.h"
#include "list.h"
#include "tuple.h"

typedef struct Pairs {
    const char *sizes; /* the next pair's two sizes */
    const char *names; /* the next pair's name */
    const char *end;
    uint32_t left;
} Pairs;

typedef struct Pair {
    const char *name;
    const char *value;
    uint32_t name_size;
    uint32_t value_size;
} Pair;

static uint32_t read_u32(const char *from) {
    uint32_t value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
}

static Pairs pairs_open(const Bytes *bytes) {
    uint64_t size = (uint64_t)bytes->var.size;
    if (size < 4) return (Pairs){0};
    uint32_t count = read_u32(bytes->data);
    if (4 + (uint64_t)count * 8 > size) return (Pairs){0};
    return (Pairs){.sizes = bytes->data + 4,
                   .names = bytes->data + 4 + count * 8,
                   .end = bytes->data + size,
                   .left = count};
}

static bool pairs_next(Pairs *pairs, Pair *pair) {
    if (!pairs->left) return false;
    pair->name_size = read_u32(pairs->sizes);
    pair->value_size = read_u32(pairs->sizes + 4);
    uint64_t needed = (uint64_t)pair->name_size + pair->value_size + 2;
    if (needed > (uint64_t)(pairs->end - pairs->names)) return false;
    pair->name = pairs->names;
    pair->value = pair->name + pair->name_size + 1;
    pairs->names += needed;
    pairs->sizes += 8;
    pairs->left--;
    return true;
}

/* Values are text of the host: any bytes. */
static Str *value_text(const Pair *pair) { return str_from_host(pair->value, pair->value_size); }

static bool has_name(const Pair *pair, const HostText *name) {
    return pair->name_size == name->size && equal_bytes(pair->name, name->data, name->size);
}

/* The first value of a name, or None. Only a pair whose name has the right size is looked at: places are
   sums of sizes, so what lies inside of the map has only such pairs before it. */
Object *native__pal__pairs__first(Bytes *bytes, Str *name) {
    HostText wanted = host_text_here(name);
    Object *value = NONE;
    Pairs pairs = pairs_open(bytes);
    const char *sizes = pairs.sizes;
    uint64_t place = 0, room = (uint64_t)(pairs.end - pairs.names);
    for (uint32_t left = pairs.left; left; left--, sizes += 8) {
        uint32_t name_size = read_u32(sizes), value_size = read_u32(sizes + 4);
        uint64_t next = place + name_size + value_size + 2;
        if (name_size == wanted.size) {
            if (next > room) break;
            const char *found = pairs.names + place;
            if (equal_bytes(found, wanted.data, name_size)) {
                value = (Object *)str_from_host(found + name_size + 1, value_size);
                break;
            }
        }
        place = next;
    }
    host_text_release(&wanted);
    if (value == NONE) INCREF(value);
    return value;
}

/* How many pairs can be read. */
Tagged native__pal__pairs__count(Bytes *bytes) {
    Pairs pairs = pairs_open(bytes);
    Pair pair;
    int64_t count = 0;
    while (pairs_next(&pairs, &pair)) count++;
    return tagged_from(count);
}

/* All values of a name. */
Object *native__pal__pairs__values(Bytes *bytes, Str *name) {
    HostText wanted = host_text(name);
    List *values = list_with_capacity(0);
    Pairs pairs = pairs_open(bytes);
    Pair pair;
    while (pairs_next(&pairs, &pair))
        if (has_name(&pair, &wanted)) list_append_stolen(values, (Object *)value_text(&pair));
    host_text_release(&wanted);
    return (Object *)values;
}

/* All names and values. */
Object *native__pal__pairs__items(Bytes *bytes) {
    List *items = list_with_capacity(0);
    Pairs pairs = pairs_open(bytes);
    Pair pair;
    while (pairs_next(&pairs, &pair)) {
        Object *name = (Object *)str_from_host(pair.name, pair.name_size);
        list_append_stolen(items, tuple_pair_stolen(name, (Object *)value_text(&pair)));
    }
    return (Object *)items;
}

/* The name or the value of a pair to write; NULL with TypeError set when it is no text. */
static Str *text_of(const List *headers, int64_t index, int place) {
    Object *pair = headers->items[index].object;
    if (pair->type != &PyTuple_Type || tuple_size(pair) != 2) {
        CPy_TypeError("tuple[str, str]", pair);
        return NULL;
    }
    Object *text = tuple_item(pair, place);
    if (is_any_str(text)) return (Str *)text;
    CPy_TypeError("str", text);
    return NULL;
}

/* Bytes of all names and values, NULs included; -1 on error. */
static int64_t texts_size(const List *headers) {
    int64_t size = 0;
    for (int64_t i = 0; i < headers->var.size * 2; i++) {
        Str *text = text_of(headers, i / 2, (int)(i % 2));
        if (!text) return -1;
        HostText bytes = host_text(text);
        size += bytes.size + 1;
        host_text_release(&bytes);
    }
    return size;
}

/* The wire form of headers; no bytes for none, as Envoy writes it. */
Bytes *native__pal__pairs__encode(List *headers) {
    int64_t size = texts_size(headers);
    if (size <= 0) return size ? NULL : bytes_empty();
    uint32_t count = (uint32_t)headers->var.size;
    Bytes *result = bytes_reserve(4 + 8 * (int64_t)count + size);
    char *sizes = result->data + 4, *place = sizes + 8 * (uint64_t)count;
    __builtin_memcpy(result->data, &count, 4);
    for (uint32_t i = 0; i < count * 2; i++) {
        HostText bytes = host_text(text_of(headers, i / 2, (int)(i % 2)));
        __builtin_memcpy(sizes, &bytes.size, 4);
        memcpy(place, bytes.data, bytes.size);
        place[bytes.size] = 0;
        sizes += 4;
        place += bytes.size + 1;
        host_text_release(&bytes);
    }
    return result;
}
