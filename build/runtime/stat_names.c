/* pal.stat_names for compiled plugins: label values as they may stand in a stat's name. */

#include "builder.h"
#include "errors.h"
#include "list.h"
#include "utf8.h"

/* pal.stat_names.MAX_VALUE_BYTES */
#define MAX_VALUE_BYTES 64

static void add_percent(Builder *text, uint32_t byte) {
    builder_add_char(text, '%');
    builder_add_char(text, "0123456789ABCDEF"[byte >> 4 & 15]);
    builder_add_char(text, "0123456789ABCDEF"[byte & 15]);
}

static bool has_meaning(uint32_t code_point) {
    return code_point < 0x20 || code_point == 0x7f || code_point == '%' || code_point == '{' ||
           code_point == '}' || code_point == ',';
}

static void add_escaped(Builder *text, const Str *value) {
    if (!value->var.size) builder_add_c(text, "none");
    const char *place = value->data, *end = place + value->var.size;
    bool last_dot = false;
    for (uint32_t size = 0; place < end;) {
        const char *start = place;
        uint32_t code_point = utf8_next(&place);
        bool is_byte = code_point - 0xdc80u < 0x80u; /* surrogateescape */
        size += is_byte ? 1 : (uint32_t)(place - start);
        if (size > MAX_VALUE_BYTES) break;
        last_dot = code_point == '.';
        if (is_byte || has_meaning(code_point))
            add_percent(text, code_point);
        else if (is_surrogate(code_point))
            builder_add_c(text, "\xef\xbf\xbd"); /* U+FFFD */
        else
            builder_add(text, start, (uint32_t)(place - start));
    }
    if (last_dot) {
        text->size--;
        builder_add_c(text, "%2E");
    }
}

Str *native__pal__stat_names__escape(Str *value) {
    Builder text = builder_new();
    add_escaped(&text, value);
    return builder_finish(&text);
}

/* The text at a place of a list; NULL with TypeError set when it is none. */
static const Str *text_at(const List *list, int64_t index) {
    Object *item = list->items[index].object;
    if (is_any_str(item)) return (Str *)item;
    CPy_TypeError("str", item);
    return NULL;
}

/* As many values as labels. */
Str *native__pal__stat_names___labelled(Str *name, List *labels, List *values) {
    Builder text = builder_new();
    builder_add_str(&text, name);
    for (int64_t i = 0; i < labels->var.size; i++) {
        const Str *label = text_at(labels, i), *value = text_at(values, i);
        if (!label || !value) {
            builder_abandon(&text);
            return NULL;
        }
        builder_add_char(&text, i ? ',' : '{');
        builder_add_str(&text, label);
        builder_add_char(&text, '=');
        add_escaped(&text, value);
    }
    builder_add_char(&text, '}');
    return builder_finish(&text);
}
