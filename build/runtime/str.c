/* Text: making, comparing, hashing. */

#include "str.h"

#include "format.h"
#include "generic.h"
#include "host_buffer.h"
#include "none.h"
#include "str_slots.h"
#include "utf8.h"

#define HASH_MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

uint64_t hash_seed = UINT64_C(0x243f6a8885a308d3);

Str str_empty_ = {.var = {.head = STATIC_HEAD(&PyUnicode_Type), .size = 0}, .data = {0}};

Str *str_empty(void) {
    INCREF(STR_EMPTY);
    return STR_EMPTY;
}

Str *str_reserve(int64_t size, int64_t length) {
    return str_in(mixer2_alloc(str_block_size(size)), size, length);
}

Str *str_new_ascii(const char *ascii, int64_t size) {
    if (!size) return str_empty();
    Str *text = str_reserve(size, size);
    memcpy(text->data, ascii, (size_t)size);
    return text;
}

Str *str_new(const char *utf8, int64_t size) {
    Str *text = str_new_ascii(utf8, size);
    if (size) text->length = utf8_count(utf8, (uint32_t)size);
    return text;
}

Str *str_from_c(const char *utf8) { return str_new(utf8, (int64_t)strlen(utf8)); }

/* The texts of one ASCII character, made when they are first needed: memory, but no block of it, and
   nothing in the module. */
#define CHARACTER_SIZE (sizeof(Str) + sizeof(uint64_t))
static uint64_t characters[128 * CHARACTER_SIZE / sizeof(uint64_t)];

static Str *str_of_ascii(uint32_t character) {
    Str *text = (Str *)((char *)characters + character * CHARACTER_SIZE);
    if (!text->var.head.type) {
        text->var.head = (Object)STATIC_HEAD(&PyUnicode_Type);
        text->var.size = text->length = 1;
        text->data[0] = (char)character;
    }
    INCREF(text);
    return text;
}

Str *str_from_code_point(uint32_t code_point) {
    if (code_point < 0x80) return str_of_ascii(code_point);
    Str *text = str_reserve(utf8_width_of(code_point), 1);
    utf8_write(text->data, code_point);
    return text;
}

bool str_equal(const Str *left, const Str *right) {
    if (left == right) return true;
    return left->var.size == right->var.size &&
           equal_bytes(left->data, right->data, (size_t)left->var.size);
}

int str_compare(const Str *left, const Str *right) {
    /* The order of UTF-8 bytes is the order of code points. */
    int64_t common = left->var.size < right->var.size ? left->var.size : right->var.size;
    int order = memcmp(left->data, right->data, (size_t)common);
    if (order) return order;
    return (left->var.size > right->var.size) - (left->var.size < right->var.size);
}

static uint64_t word_at(const char *data) {
    uint64_t word;
    __builtin_memcpy(&word, data, sizeof word);
    return word;
}

static uint32_t half_word_at(const char *data) {
    uint32_t word;
    __builtin_memcpy(&word, data, sizeof word);
    return word;
}

/* The last word: with a smaller rest its ends overlap, or bytes before it are in it once more. */
static uint64_t last_word(const char *data, uint32_t size) {
    if (size >= 8) return word_at(data + size - 8);
    if (size >= 4) return half_word_at(data) | (uint64_t)half_word_at(data + size - 4) << 32;
    if (!size) return 0;
    return (uint64_t)(uint8_t)data[0] | (uint64_t)(uint8_t)data[size / 2] << 8 |
           (uint64_t)(uint8_t)data[size - 1] << 16;
}

static uint64_t mixed(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * HASH_MULTIPLIER;
    return hash ^ hash >> 29;
}

uint32_t hash_of_bytes(const char *data, uint32_t size) {
    uint64_t hash = hash_seed ^ size;
    for (uint32_t done = 8; done < size; done += 8) hash = mixed(hash, word_at(data + done - 8));
    hash = mixed(hash, last_word(data, size)) * HASH_MULTIPLIER;
    uint32_t folded = (uint32_t)(hash >> 32);
    return folded ? folded : 1;
}

uint32_t str_hash_compute(Str *text) {
    return text->hash = hash_of_bytes(text->data, (uint32_t)text->var.size);
}

char CPyStr_Equal(Str *left, Str *right) { return str_equal(left, right); }

char CPyStr_EqualLiteral(Str *text, Str *literal, Py_ssize_t length) {
    (void)length;
    return str_equal(text, literal);
}

int PyUnicode_Compare(Str *left, Str *right) {
    int order = str_compare(left, right);
    return (order > 0) - (order < 0);
}

char PyUnicode_Check(Object *object) { return is_any_str(object); }

char CPyStr_IsTrue(Str *text) { return text->var.size != 0; }

Py_ssize_t CPyStr_Size_size_t(Str *text) { return text->length; }

Type PyUnicode_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "str",
    .base = &PyBaseObject_Type,
    .dealloc = leaf_dealloc,
    .repr = str_repr,
    .str = str_str_slot,
    .hash = str_hash_slot,
    .compare = str_compare_slot,
    .truth = str_truth_slot,
    .length = str_length_slot,
    .contains = str_contains_slot,
    .get_item = str_get_item_slot,
    .iterate = str_iterate_slot,
    .binary = str_binary_slot,
    .create = str_create_slot,
    .format = str_format,
    .flags = TYPE_CONCATENATES,
};
