/* What a text starts and ends with. */

#include "errors.h"
#include "str_find.h"
#include "tuple.h"

bool str_starts_with(const Str *text, const Str *prefix) {
    return prefix->var.size <= text->var.size &&
           memcmp(text->data, prefix->data, (size_t)prefix->var.size) == 0;
}

bool str_ends_with(const Str *text, const Str *suffix) {
    int64_t start = text->var.size - suffix->var.size;
    return start >= 0 && memcmp(text->data + start, suffix->data, (size_t)suffix->var.size) == 0;
}

typedef bool AffixTest(const Str *text, const Str *affix);

/* `affixes`: a tuple. 0, 1, or BOOL_ERROR. */
static int any_affix(const Str *text, Object *affixes, AffixTest *test, const char *method) {
    for (int64_t i = 0; i < tuple_size(affixes); i++) {
        Object *affix = tuple_item(affixes, i);
        if (!is_str(affix)) {
            raise_formatted(&Exc_TypeError_Type, "tuple for %s must only contain str, not %T",
                            method, affix);
            return BOOL_ERROR;
        }
        if (test(text, (const Str *)affix)) return 1;
    }
    return 0;
}

int CPyStr_Startswith(Str *text, Object *prefix) {
    if (is_str(prefix)) return str_starts_with(text, (const Str *)prefix);
    return any_affix(text, prefix, str_starts_with, "startswith");
}

int CPyStr_Endswith(Str *text, Object *suffix) {
    if (is_str(suffix)) return str_ends_with(text, (const Str *)suffix);
    return any_affix(text, suffix, str_ends_with, "endswith");
}

Str *CPyStr_Removeprefix(Str *text, Str *prefix) {
    uint32_t start = str_starts_with(text, prefix) ? (uint32_t)prefix->var.size : 0;
    return str_slice_bytes(text, start, (uint32_t)text->var.size);
}

Str *CPyStr_Removesuffix(Str *text, Str *suffix) {
    uint32_t cut = str_ends_with(text, suffix) ? (uint32_t)suffix->var.size : 0;
    return str_slice_bytes(text, 0, (uint32_t)text->var.size - cut);
}
