/* A string that grows while it is written. */

#include "builder.h"

#include "int.h"
#include "memory.h"
#include "utf8.h"

#define FIRST_CAPACITY 48

/* The Str is its own buffer, so finishing copies nothing. */
static uint32_t room_in(const Str *text) {
    return (uint32_t)(mixer2_capacity(text) - sizeof(Str) - 1);
}

Builder builder_new(void) {
    return (Builder){.text = str_reserve(FIRST_CAPACITY, 0), .size = 0};
}

bool builder_has_room(Builder *builder, uint64_t extra) {
    uint64_t needed = (uint64_t)builder->size + extra;
    if (builder->failed) return false;
    if (needed <= room_in(builder->text)) return true;
    uint64_t capacity = sizeof(Str) + needed + needed / 2 + 1;
    if (extra > MEMORY_LIMIT || !memory_for(capacity)) {
        builder->failed = true;
        return false;
    }
    builder->text = mixer2_realloc(builder->text, (size_t)capacity);
    return true;
}

/* Where one character of a builder that failed goes. */
static char dropped[4];

static char *make_room(Builder *builder, uint32_t extra) {
    if (!builder_has_room(builder, extra)) return dropped;
    char *end = builder->text->data + builder->size;
    builder->size += extra;
    return end;
}

void builder_add(Builder *builder, const char *utf8, uint32_t size) {
    char *end = make_room(builder, size);
    if (end != dropped) memcpy(end, utf8, size);
}

void builder_add_c(Builder *builder, const char *utf8) {
    builder_add(builder, utf8, (uint32_t)strlen(utf8));
}

void builder_add_str(Builder *builder, const Str *text) {
    builder_add(builder, text->data, (uint32_t)text->var.size);
}

void builder_add_char(Builder *builder, char ascii) { *make_room(builder, 1) = ascii; }

void builder_add_code_point(Builder *builder, uint32_t code_point) {
    utf8_write(make_room(builder, utf8_width_of(code_point)), code_point);
}

void builder_add_int(Builder *builder, int64_t value) {
    char digits[INT_DECIMAL_MAX], *end = digits + sizeof digits;
    const char *start = int_decimal(end, value);
    builder_add(builder, start, (uint32_t)(end - start));
}

Str *builder_finish(Builder *builder) {
    Str *text = builder->text;
    if (builder->failed) {
        mixer2_free(text);
        return NULL;
    }
    text->var.size = builder->size;
    text->length = utf8_count(text->data, builder->size);
    text->data[builder->size] = 0;
    return text;
}

void builder_abandon(Builder *builder) { mixer2_free(builder->text); }
