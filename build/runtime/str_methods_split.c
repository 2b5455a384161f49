/* str: methods that take text apart or put it together, called by name. */

#include "int.h"
#include "method_arguments.h"
#include "str_edit.h"

/* None and nothing given: white space. False with TypeError. */
static bool separator_from(Object *argument, Str **separator) {
    *separator = NULL;
    if (!argument || argument == NONE) return true;
    *separator = str_argument(argument, "must be str or None");
    return *separator;
}

typedef Object *Split(Str *text, Str *separator, Tagged limit);

static Object *split(Object *self, const Signature *signature, Object *const *args, int64_t count,
                     Tuple *names, Split *function) {
    Object *values[2];
    Str *separator;
    int64_t limit = -1;
    if (!arguments_bind(signature, args, count, names, values)) return NULL;
    if (values[1] && !int_from_index(values[1], &limit)) return NULL;
    if (!separator_from(values[0], &separator)) return NULL;
    return function((Str *)self, separator, tagged_from(limit));
}

METHOD(str, split) {
    static const Signature signature = {"str.split", 0, 2, {"sep", "maxsplit", NULL}};
    return split(self, &signature, args, count, names, CPyStr_Split);
}

METHOD(str, rsplit) {
    static const Signature signature = {"str.rsplit", 0, 2, {"sep", "maxsplit", NULL}};
    return split(self, &signature, args, count, names, CPyStr_RSplit);
}

METHOD(str, splitlines) {
    static const Signature signature = {"str.splitlines", 0, 1, {"keepends", NULL}};
    Object *keep_ends;
    if (!arguments_bind(&signature, args, count, names, &keep_ends)) return NULL;
    int keep = keep_ends ? PyObject_IsTrue(keep_ends) : 0;
    return keep < 0 ? NULL : PyUnicode_Splitlines((Str *)self, keep);
}

METHOD(str, partition) {
    EXPECT("str.partition", 1, 1);
    Str *separator = str_argument(args[0], "must be str");
    return separator ? PyUnicode_Partition((Str *)self, separator) : NULL;
}

METHOD(str, rpartition) {
    EXPECT("str.rpartition", 1, 1);
    Str *separator = str_argument(args[0], "must be str");
    return separator ? PyUnicode_RPartition((Str *)self, separator) : NULL;
}

METHOD(str, join) {
    EXPECT("str.join", 1, 1);
    return (Object *)PyUnicode_Join((Str *)self, args[0]);
}
