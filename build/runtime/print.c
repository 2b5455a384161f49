/* print(*values, sep=" "): one line of the proxy's log, at level info. The compiler refuses the
   other keywords: a log has lines, not a stream. */

#include "builder.h"
#include "builtins.h"
#include "host_text.h"
#include "hostcall.h"
#include "str.h"
#include "tagged.h"

#define LEVEL_INFO 2

Tagged native__pal__hostcalls__log(Tagged level, Str *message);

/* What stands between the values; NULL: a space. False with TypeError. */
static bool find_separator(Object *const *args, int64_t count, const Tuple *names, Str **separator) {
    *separator = NULL;
    for (int64_t i = 0; i < keyword_count(names); i++) {
        Object *value = args[count + i];
        if (value == NONE) continue;
        if (!is_str(value)) {
            raise_formatted(&Exc_TypeError_Type, "sep must be None or a string, not %T", value);
            return false;
        }
        *separator = (Str *)value;
    }
    return true;
}

static bool add_value(Builder *line, Object *value) {
    Str *text = (Str *)PyObject_Str(value);
    if (!text) return false;
    builder_add_str(line, text);
    DECREF(text);
    return true;
}

BUILTIN(print) {
    Str *separator;
    if (!find_separator(args, count, names, &separator)) return NULL;
    Builder line = builder_new();
    for (int64_t i = 0; i < count; i++) {
        if (i && separator) builder_add_str(&line, separator);
        if (i && !separator) builder_add_char(&line, ' ');
        if (!add_value(&line, args[i])) {
            builder_abandon(&line);
            return NULL;
        }
    }
    Str *text = builder_finish(&line);
    Tagged status = native__pal__hostcalls__log(tagged_from(LEVEL_INFO), text);
    DECREF(text);
    return none_if(status != TAGGED_ERROR);
}
