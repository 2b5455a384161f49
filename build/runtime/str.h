/* Text: UTF-8 objects. The data layout is in object.h.

   Laws: `var.size` counts bytes, `length` code points, equal if and only if the text is ASCII. data[size]
   is NUL. Strings are immutable once they are shared; `CPyStr_Append` grows one that nobody else holds. */

#ifndef MIXER2_STR_H
#define MIXER2_STR_H

#include "memory.h"

extern Type PyUnicode_Type;
extern Str str_empty_;
#define STR_EMPTY (&str_empty_)

static inline bool is_str(const Object *object) { return object->type == &PyUnicode_Type; }

/* Whether an object is a member of a StrEnum: of a type of its own, and laid out as a str. A conditional
   function (object.h). */
bool is_str_member(const Object *object);
static inline bool is_any_str(const Object *object) { return is_str(object) || is_str_member(object); }

static inline bool str_is_ascii(const Str *text) { return text->length == text->var.size; }

/* A new reference to the empty string. */
Str *str_empty(void);

/* Copies valid UTF-8 and counts its code points. */
Str *str_new(const char *utf8, int64_t size);
Str *str_from_c(const char *utf8);
Str *str_new_ascii(const char *ascii, int64_t size);

/* Uninitialised data; the caller fills all `size` bytes. `length` code points. */
Str *str_reserve(int64_t size, int64_t length);

/* The bytes of a text with so much data. */
static inline size_t str_block_size(int64_t size) {
    if ((uint64_t)size > MEMORY_LIMIT - sizeof(Str) - 1) out_of_memory();
    return sizeof(Str) + (size_t)size + 1;
}

/* Makes a block a text. */
static inline Str *str_in(void *block, int64_t size, int64_t length) {
    Str *text = block;
    text->var.head.refcount = 1;
    text->var.head.type = &PyUnicode_Type;
    text->var.size = size;
    text->hash = 0;
    text->length = (uint32_t)length;
    text->data[size] = 0;
    return text;
}

/* str_reserve where it must be fast. */
static inline Str *str_reserve_here(int64_t size, int64_t length) {
    return str_in(alloc_here(str_block_size(size)), size, length);
}

Str *str_from_code_point(uint32_t code_point);

/* The part from byte `start` to byte `end`, both on boundaries; the text itself when that is all. */
Str *str_slice_bytes(Str *text, uint32_t start, uint32_t end);

/* Takes over a buffer that the host filled through `malloc`. */
Str *str_adopt(void *data, uint32_t size);

bool str_equal(const Str *left, const Str *right);

/* Whether the text is this C string. */
static inline bool str_reads(const Str *text, const char *utf8) {
    size_t size = strlen(utf8);
    return (size_t)text->var.size == size && memcmp(text->data, utf8, size) == 0;
}

/* By code points: negative, zero, positive. */
int str_compare(const Str *left, const Str *right);

uint32_t str_hash_compute(Str *text);
static inline uint32_t str_hash(Str *text) {
    return text->hash ? text->hash : str_hash_compute(text);
}

/* The seed of all hashes of text and bytes; set before the first hash is taken. */
extern uint64_t hash_seed;
uint32_t hash_of_bytes(const char *data, uint32_t size);

char CPyStr_Equal(Str *left, Str *right);
Str *PyUnicode_Concat(Str *left, Str *right);
Str *CPyStr_Append(Str *left, Str *right);
Str *CPyStr_Multiply(Str *text, Tagged count);
Object *str_repr(Object *self);

#endif
