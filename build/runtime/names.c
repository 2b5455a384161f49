/* Names as the proxy wants them: parts of pal.header_name and pal.attributes for compiled plugins. */

#include "memory.h"
#include "str.h"

static Str *copy(const Str *text) {
    Str *result = str_reserve(text->var.size, text->length);
    memcpy(result->data, text->data, (size_t)text->var.size);
    return result;
}

/* Visible ASCII but separators (RFC 9110, section 5.6.2). */
static bool is_token_character(char c) {
    for (const char *separator = "\"(),/:;<=>?@[\\]{}"; *separator; separator++)
        if (c == *separator) return false;
    return c > ' ' && c < 127;
}

/* Whether a header can have this name. */
char native__pal__header_name__is_valid(Str *name) {
    for (int64_t i = 0; i < name->var.size; i++)
        if (!is_token_character(name->data[i])) return false;
    return name->var.size != 0;
}

/* A header's name in lower case: ASCII, as RFC 9110 has it. */
Str *native__pal__header_name__lower(Str *name) {
    Str *result = copy(name);
    for (int64_t i = 0; i < name->var.size; i++)
        if ((uint8_t)(name->data[i] - 'A') < 26) result->data[i] |= 'a' ^ 'A';
    return result;
}

static bool has_nul(const Str *text) {
    uint32_t size = (uint32_t)text->var.size, done = 0;
    for (; done + 8 <= size; done += 8) {
        uint64_t word;
        __builtin_memcpy(&word, text->data + done, sizeof word);
        if ((word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080)) return true;
    }
    while (done < size && text->data[done]) done++;
    return done < size;
}

static Str *with_separators(Str *path) {
    Str *result = NULL;
    for (int64_t i = 0; i < path->var.size; i++) {
        if (path->data[i] != '.') continue;
        if (!result) result = copy(path);
        result->data[i] = 0;
    }
    if (result) return result;
    INCREF(path);
    return path;
}

/* Paths are mostly constants: the same few in every request. */
#define KNOWN_PATHS 32

typedef struct Known {
    Str *path; /* static, so that its address is its own */
    Str *separated;
} Known;

static Known known[KNOWN_PATHS];

/* An attribute's path with NUL between its elements, unless it has some already. */
Str *native__pal__attributes__separated(Str *path) {
    if (has_nul(path)) {
        INCREF(path);
        return path;
    }
    if (!is_static(path)) return with_separators(path);
    Known *place = &known[(uintptr_t)path / 16 % KNOWN_PATHS];
    if (place->path != path) {
        XDECREF(place->separated);
        *place = (Known){path, with_separators(path)};
    }
    INCREF(place->separated);
    return place->separated;
}
