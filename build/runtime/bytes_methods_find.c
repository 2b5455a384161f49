/* bytes: methods that look for bytes, called by name. */

#include "bytearray.h"
#include "bytes_find.h"
#include "int.h"
#include "method_arguments.h"
#include "tuple.h"

typedef uint32_t Search(Span haystack, Span needle);

/* -1: not there; -2: an error. */
static int64_t find(Object *self, Object *const *args, int64_t count, Search *search) {
    char byte;
    Span wanted, part;
    int64_t start, end;
    if (!bytes_or_byte_argument(args[0], &wanted, &byte)) return -2;
    if (!bounds_argument(args, count, &start, &end)) return -2;
    if (!bytes_part(bytes_span((Bytes *)self), start, end, &part)) return -1;
    uint32_t place = search(part, wanted);
    if (place == NOT_FOUND) return -1;
    return (int64_t)place + (part.data - ((Bytes *)self)->data);
}

static Object *found_or_minus_one(int64_t index) { return index < -1 ? NULL : int_new(index); }

static Object *found_or_error(int64_t index) {
    if (index == -1) raise_standard_error(&Exc_ValueError_Type, "subsection not found");
    return index < 0 ? NULL : int_new(index);
}

METHOD(bytes, find) {
    EXPECT("bytes.find", 1, 3);
    return found_or_minus_one(find(self, args, count, search_forward));
}

METHOD(bytes, rfind) {
    EXPECT("bytes.rfind", 1, 3);
    return found_or_minus_one(find(self, args, count, search_backward));
}

METHOD(bytes, index) {
    EXPECT("bytes.index", 1, 3);
    return found_or_error(find(self, args, count, search_forward));
}

METHOD(bytes, rindex) {
    EXPECT("bytes.rindex", 1, 3);
    return found_or_error(find(self, args, count, search_backward));
}

METHOD(bytes, count) {
    char byte;
    Span wanted, part;
    int64_t start, end;
    EXPECT("bytes.count", 1, 3);
    if (!bytes_or_byte_argument(args[0], &wanted, &byte)) return NULL;
    if (!bounds_argument(args, count, &start, &end)) return NULL;
    if (!bytes_part(bytes_span((Bytes *)self), start, end, &part)) return int_new(0);
    return int_new(wanted.size ? search_count(part, wanted) : (int64_t)part.size + 1);
}

typedef bool AffixTest(Span whole, Span affix);

/* BOOL_ERROR with TypeError. */
static int test_affixes(Span part, Object *affix, AffixTest *test, const char *method) {
    Span data;
    if (bytes_like(affix, &data)) return test(part, data);
    if (affix->type != &PyTuple_Type) {
        raise_formatted(&Exc_TypeError_Type,
                        "%s first arg must be bytes or a tuple of bytes, not %T", method, affix);
        return BOOL_ERROR;
    }
    for (int64_t i = 0; i < tuple_size(affix); i++) {
        if (!bytes_argument(tuple_item(affix, i), &data)) return BOOL_ERROR;
        if (test(part, data)) return 1;
    }
    return 0;
}

static Object *has_affix(Object *self, Object *const *args, int64_t count, AffixTest *test,
                         const char *method) {
    int64_t start, end;
    Span part = {0};
    if (!bounds_argument(args, count, &start, &end)) return NULL;
    bool exists = bytes_part(bytes_span((Bytes *)self), start, end, &part);
    int answer = test_affixes(part, args[0], test, method);
    return answer == BOOL_ERROR ? NULL : bool_object(exists && answer);
}

METHOD(bytes, startswith) {
    EXPECT("bytes.startswith", 1, 3);
    return has_affix(self, args, count, span_starts_with, "startswith");
}

METHOD(bytes, endswith) {
    EXPECT("bytes.endswith", 1, 3);
    return has_affix(self, args, count, span_ends_with, "endswith");
}
