/* str: methods that look for text, called by name. */

#include "int.h"
#include "method_arguments.h"
#include "str_find.h"

/* The arguments of all of them: what to look for, and where. */
typedef struct Wanted {
    Str *text;
    int64_t start;
    int64_t end;
} Wanted;

static bool wanted_from(Object *const *args, int64_t count, Wanted *wanted) {
    wanted->text = str_argument(args[0], "must be str");
    return wanted->text && bounds_argument(args, count, &wanted->start, &wanted->end);
}

/* -1: not there; -2: an error. */
static int64_t find(Object *self, Object *const *args, int64_t count, int direction) {
    Wanted wanted;
    if (!wanted_from(args, count, &wanted)) return -2;
    return str_find((Str *)self, wanted.text, wanted.start, wanted.end, direction);
}

static Object *found_or_minus_one(int64_t index) { return index < -1 ? NULL : int_new(index); }

static Object *found_or_error(int64_t index) {
    if (index == -1) raise_standard_error(&Exc_ValueError_Type, "substring not found");
    return index < 0 ? NULL : int_new(index);
}

METHOD(str, find) {
    EXPECT("str.find", 1, 3);
    return found_or_minus_one(find(self, args, count, 1));
}

METHOD(str, rfind) {
    EXPECT("str.rfind", 1, 3);
    return found_or_minus_one(find(self, args, count, -1));
}

METHOD(str, index) {
    EXPECT("str.index", 1, 3);
    return found_or_error(find(self, args, count, 1));
}

METHOD(str, rindex) {
    EXPECT("str.rindex", 1, 3);
    return found_or_error(find(self, args, count, -1));
}

METHOD(str, count) {
    Wanted wanted;
    EXPECT("str.count", 1, 3);
    if (!wanted_from(args, count, &wanted)) return NULL;
    return int_new(str_count((Str *)self, wanted.text, wanted.start, wanted.end));
}

static Object *has_affix(Object *self, Object *const *args, int64_t count, AffixTest *test,
                         const char *method) {
    int64_t start, end;
    if (!bounds_argument(args, count, &start, &end)) return NULL;
    StrPart part;
    bool exists = str_part((Str *)self, start, end, &part);
    int answer = str_has_affix(exists ? part.span : (Span){0}, args[0], test, method);
    return answer == BOOL_ERROR ? NULL : bool_object(exists && answer);
}

METHOD(str, startswith) {
    EXPECT("str.startswith", 1, 3);
    return has_affix(self, args, count, span_starts_with, "startswith");
}

METHOD(str, endswith) {
    EXPECT("str.endswith", 1, 3);
    return has_affix(self, args, count, span_ends_with, "endswith");
}
