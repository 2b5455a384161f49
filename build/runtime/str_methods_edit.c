/* str: methods that make another text, called by name. */

#include "codec.h"
#include "int.h"
#include "method_arguments.h"
#include "str_edit.h"
#include "template.h"

typedef Str *Strip(Str *text, Str *characters);

static Object *strip(Object *self, Object *const *args, int64_t count, Strip *function,
                     const char *method) {
    Object *characters = count ? args[0] : NONE;
    if (characters == NONE || is_str(characters))
        return (Object *)function((Str *)self, (Str *)characters);
    raise_formatted(&Exc_TypeError_Type, "%s arg must be None or str", method);
    return NULL;
}

METHOD(str, strip) {
    EXPECT("str.strip", 0, 1);
    return strip(self, args, count, CPyStr_Strip, "strip");
}

METHOD(str, lstrip) {
    EXPECT("str.lstrip", 0, 1);
    return strip(self, args, count, CPyStr_LStrip, "lstrip");
}

METHOD(str, rstrip) {
    EXPECT("str.rstrip", 0, 1);
    return strip(self, args, count, CPyStr_RStrip, "rstrip");
}

METHOD(str, removeprefix) {
    EXPECT("str.removeprefix", 1, 1);
    Str *prefix = str_parameter(args[0], "removeprefix() argument");
    return prefix ? (Object *)CPyStr_Removeprefix((Str *)self, prefix) : NULL;
}

METHOD(str, removesuffix) {
    EXPECT("str.removesuffix", 1, 1);
    Str *suffix = str_parameter(args[0], "removesuffix() argument");
    return suffix ? (Object *)CPyStr_Removesuffix((Str *)self, suffix) : NULL;
}

METHOD(str, replace) {
    int64_t limit = -1;
    EXPECT("str.replace", 2, 3);
    Str *old = str_parameter(args[0], "replace() argument 1");
    if (!old) return NULL;
    Str *new = str_parameter(args[1], "replace() argument 2");
    if (!new || !int_argument(args, count, 2, &limit)) return NULL;
    return (Object *)CPyStr_Replace((Str *)self, old, new, tagged_from(limit));
}

METHOD(str, encode) {
    static const Signature signature = {"str.encode", 0, 2, {"encoding", "errors", NULL}};
    Object *values[2];
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (values[0] && !str_parameter(values[0], "encode() argument 'encoding'"))
        return NULL;
    if (values[1] && !str_parameter(values[1], "encode() argument 'errors'"))
        return NULL;
    return (Object *)CPy_Encode(self, (Str *)values[0], (Str *)values[1]);
}

METHOD(str, format) { return template_format((Str *)self, args, count, names); }
