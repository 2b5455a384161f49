/* Joining texts end to end. */

#include "errors.h"
#include "memory.h"
#include "str.h"
#include "tagged.h"

Str *PyUnicode_Concat(Str *left, Str *right) {
    if (!left->var.size || !right->var.size) {
        Str *whole = left->var.size ? left : right;
        INCREF(whole);
        return whole;
    }
    if (!memory_for(sizeof(Str) + (uint64_t)(left->var.size + right->var.size))) return NULL;
    int64_t length = (int64_t)left->length + right->length;
    Str *text = str_reserve(left->var.size + right->var.size, length);
    memcpy(text->data, left->data, (size_t)left->var.size);
    memcpy(text->data + left->var.size, right->data, (size_t)right->var.size);
    return text;
}

/* Grows `left` by half of what it needs beyond, so that appending in a loop takes linear time. NULL with
   MemoryError. */
static Str *grow(Str *left, size_t needed) {
    if (needed <= mixer2_capacity(left)) return left;
    uint64_t ahead = (uint64_t)needed + needed / 2;
    return memory_for(ahead) ? mixer2_realloc(left, (size_t)ahead) : NULL;
}

/* Steals the reference to `left`: when it was the last one, nobody can see it change. */
Str *CPyStr_Append(Str *left, Str *right) {
    if (left->var.head.refcount != 1 || is_static(left) || left == right || !right->var.size) {
        Str *text = PyUnicode_Concat(left, right);
        DECREF(left);
        return text;
    }
    size_t size = (size_t)left->var.size, added = (size_t)right->var.size;
    Str *text = grow(left, sizeof(Str) + size + added + 1);
    if (!text) {
        DECREF(left);
        return NULL;
    }
    memcpy(text->data + size, right->data, added + 1);
    text->var.size += right->var.size;
    text->length += right->length;
    text->hash = 0;
    return text;
}

Str *CPyStr_Build(Py_ssize_t count, Str *const *parts) {
    int64_t size = 0, length = 0;
    for (int64_t i = 0; i < count; i++) {
        size += parts[i]->var.size;
        length += parts[i]->length;
    }
    if (!memory_for(sizeof(Str) + (uint64_t)size)) return NULL;
    Str *text = str_reserve(size, length);
    char *end = text->data;
    for (int64_t i = 0; i < count; i++) {
        memcpy(end, parts[i]->data, (size_t)parts[i]->var.size);
        end += parts[i]->var.size;
    }
    return text;
}

Str *CPyStr_Multiply(Str *text, Tagged count) {
    int64_t times = tagged_value(count);
    if (times <= 0 || !text->var.size) return str_empty();
    if (times == 1) {
        INCREF(text);
        return text;
    }
    if (times > MEMORY_LIMIT / 2 / text->var.size) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!memory_for(sizeof(Str) + (uint64_t)(times * text->var.size))) return NULL;
    Str *repeated = str_reserve(times * text->var.size, times * text->length);
    for (char *end = repeated->data; times--; end += text->var.size)
        memcpy(end, text->data, (size_t)text->var.size);
    return repeated;
}
