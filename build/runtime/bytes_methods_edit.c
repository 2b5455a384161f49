/* bytes: methods that make other bytes, called by name. */

#include "builder.h"
#include "bytes_find.h"
#include "bytes_index.h"
#include "int.h"
#include "method_arguments.h"

enum { LEFT = 1, RIGHT = 2 };

static bool goes(char byte, Span set) {
    if (!set.data) return byte_is_space(byte);
    return search_forward(set, (Span){&byte, 1}) != NOT_FOUND;
}

static Object *strip(Object *self, Object *const *args, int64_t count, int sides) {
    Span set = {0};
    if (count && args[0] != NONE && !bytes_argument(args[0], &set)) return NULL;
    Bytes *bytes = (Bytes *)self;
    uint32_t start = 0, end = (uint32_t)bytes->var.size;
    while (sides & LEFT && start < end && goes(bytes->data[start], set)) start++;
    while (sides & RIGHT && start < end && goes(bytes->data[end - 1], set)) end--;
    return (Object *)bytes_slice(bytes, start, end);
}

METHOD(bytes, strip) {
    EXPECT("bytes.strip", 0, 1);
    return strip(self, args, count, LEFT | RIGHT);
}

METHOD(bytes, lstrip) {
    EXPECT("bytes.lstrip", 0, 1);
    return strip(self, args, count, LEFT);
}

METHOD(bytes, rstrip) {
    EXPECT("bytes.rstrip", 0, 1);
    return strip(self, args, count, RIGHT);
}

METHOD(bytes, removeprefix) {
    Span prefix, whole = bytes_span((Bytes *)self);
    EXPECT("bytes.removeprefix", 1, 1);
    if (!bytes_argument(args[0], &prefix)) return NULL;
    uint32_t start = span_starts_with(whole, prefix) ? prefix.size : 0;
    return (Object *)bytes_slice((Bytes *)self, start, whole.size);
}

METHOD(bytes, removesuffix) {
    Span suffix, whole = bytes_span((Bytes *)self);
    EXPECT("bytes.removesuffix", 1, 1);
    if (!bytes_argument(args[0], &suffix)) return NULL;
    uint32_t cut = span_ends_with(whole, suffix) ? suffix.size : 0;
    return (Object *)bytes_slice((Bytes *)self, 0, whole.size - cut);
}

/* The builder holds bytes; only their place in memory is that of a Str. */
static Object *finish(Builder *result) {
    Bytes *bytes = bytes_new(result->text->data, result->size);
    builder_abandon(result);
    return (Object *)bytes;
}

/* b"" stands before and behind each byte. */
static Object *insert_between(Span rest, Span new, int64_t limit) {
    Builder result = builder_new();
    while (limit && rest.size) {
        limit--;
        builder_add(&result, new.data, new.size);
        builder_add_char(&result, *rest.data);
        rest = span_from(rest, 1);
    }
    builder_add(&result, rest.data, rest.size);
    if (limit) builder_add(&result, new.data, new.size);
    return finish(&result);
}

static Object *replace(Object *self, Span old, Span new, int64_t limit) {
    Span rest = bytes_span((Bytes *)self);
    if (limit && !old.size) return insert_between(rest, new, limit);
    uint32_t place = limit ? search_forward(rest, old) : NOT_FOUND;
    if (place == NOT_FOUND) {
        INCREF(self);
        return self;
    }
    Builder result = builder_new();
    while (place != NOT_FOUND) {
        builder_add(&result, rest.data, place);
        builder_add(&result, new.data, new.size);
        rest = span_from(rest, place + old.size);
        place = --limit ? search_forward(rest, old) : NOT_FOUND;
    }
    builder_add(&result, rest.data, rest.size);
    return finish(&result);
}

METHOD(bytes, replace) {
    Span old, new;
    int64_t limit = -1;
    EXPECT("bytes.replace", 2, 3);
    if (!bytes_argument(args[0], &old) || !bytes_argument(args[1], &new)) return NULL;
    return int_argument(args, count, 2, &limit) ? replace(self, old, new, limit) : NULL;
}

static Object *map(const Bytes *bytes, char first) {
    Bytes *result = bytes_reserve(bytes->var.size);
    for (int64_t i = 0; i < bytes->var.size; i++) {
        char byte = bytes->data[i];
        result->data[i] = (uint8_t)(byte - first) < 26 ? byte ^ ('a' ^ 'A') : byte;
    }
    return (Object *)result;
}

METHOD(bytes, lower) {
    EXPECT("bytes.lower", 0, 0);
    return map((Bytes *)self, 'A');
}

METHOD(bytes, upper) {
    EXPECT("bytes.upper", 0, 0);
    return map((Bytes *)self, 'a');
}
