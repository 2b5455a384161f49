/* separator.join(parts) */

#include "builder.h"
#include "errors.h"
#include "list.h"
#include "memory.h"
#include "str.h"
#include "str_edit.h"
#include "tuple.h"

/* The items of a list or a tuple. */
static const Slot *slots_of(Object *sequence, int64_t *count) {
    *count = ((VarObject *)sequence)->size;
    return sequence->type == &PyList_Type ? ((List *)sequence)->items
                                          : ((Tuple *)sequence)->items;
}

static void raise_not_text(int64_t index, const Object *item) {
    Builder text = builder_new();
    builder_add_c(&text, "sequence item ");
    builder_add_int(&text, index);
    builder_add_c(&text, ": expected str instance, ");
    builder_add_c(&text, item->type->name);
    builder_add_c(&text, " found");
    Str *message = builder_finish(&text);
    raise_with_text(&Exc_TypeError_Type, message);
    DECREF(message);
}

static bool all_are_text(const Slot *items, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (is_any_str(items[i].object)) continue;
        raise_not_text(i, items[i].object);
        return false;
    }
    return true;
}

static char *append(char *end, const Str *text) {
    memcpy(end, text->data, (size_t)text->var.size);
    return end + text->var.size;
}

static Str *join(const Str *separator, const Slot *items, int64_t count) {
    int64_t size = separator->var.size * (count - 1);
    int64_t length = separator->length * (count - 1);
    for (int64_t i = 0; i < count; i++) {
        size += ((Str *)items[i].object)->var.size;
        length += ((Str *)items[i].object)->length;
    }
    if (!memory_for(sizeof(Str) + (uint64_t)size)) return NULL;
    Str *text = str_reserve(size, length);
    char *end = text->data;
    for (int64_t i = 0; i < count; i++) {
        if (i && separator->var.size) end = append(end, separator);
        end = append(end, (Str *)items[i].object);
    }
    return text;
}

Str *str_join_sequence(const Str *separator, Object *sequence) {
    int64_t count;
    const Slot *items = slots_of(sequence, &count);
    if (!all_are_text(items, count)) return NULL;
    if (count == 0) return str_empty();
    if (count > 1) return join(separator, items, count);
    INCREF(items[0].object);
    return (Str *)items[0].object;
}

Str *PyUnicode_Join(Str *separator, Object *parts) {
    if (parts->type == &PyList_Type || parts->type == &PyTuple_Type)
        return str_join_sequence(separator, parts);
    if (!parts->type->iterate) {
        raise_standard_error(&Exc_TypeError_Type, "can only join an iterable");
        return NULL;
    }
    Object *list = PySequence_List(parts);
    if (!list) return NULL;
    Str *text = str_join_sequence(separator, list);
    DECREF(list);
    return text;
}
