/* What a text starts and ends with. */

#include "errors.h"
#include "str_find.h"
#include "tuple.h"

bool str_starts_with(const Str *text, const Str *prefix) {
    return span_starts_with(str_span(text), str_span(prefix));
}

bool str_ends_with(const Str *text, const Str *suffix) {
    return span_ends_with(str_span(text), str_span(suffix));
}

int str_has_affix(Span part, Object *affix, AffixTest *test, const char *method) {
    if (is_any_str(affix)) return test(part, str_span((Str *)affix));
    if (affix->type != &PyTuple_Type) {
        raise_formatted(&Exc_TypeError_Type,
                        "%s first arg must be str or a tuple of str, not %T", method, affix);
        return BOOL_ERROR;
    }
    for (int64_t i = 0; i < tuple_size(affix); i++) {
        Object *item = tuple_item(affix, i);
        if (!is_any_str(item)) {
            raise_formatted(&Exc_TypeError_Type, "tuple for %s must only contain str, not %T",
                            method, item);
            return BOOL_ERROR;
        }
        if (test(part, str_span((Str *)item))) return 1;
    }
    return 0;
}

int CPyStr_Startswith(Str *text, Object *prefix) {
    return str_has_affix(str_span(text), prefix, span_starts_with, "startswith");
}

int CPyStr_Endswith(Str *text, Object *suffix) {
    return str_has_affix(str_span(text), suffix, span_ends_with, "endswith");
}

Str *CPyStr_Removeprefix(Str *text, Str *prefix) {
    uint32_t start = str_starts_with(text, prefix) ? (uint32_t)prefix->var.size : 0;
    return str_slice_bytes(text, start, (uint32_t)text->var.size);
}

Str *CPyStr_Removesuffix(Str *text, Str *suffix) {
    uint32_t cut = str_ends_with(text, suffix) ? (uint32_t)suffix->var.size : 0;
    return str_slice_bytes(text, 0, (uint32_t)text->var.size - cut);
}
