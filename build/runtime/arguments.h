/* The arguments of calls by name: count and keywords checked, complaints as CPython words them. */

#ifndef MIXER2_ARGUMENTS_H
#define MIXER2_ARGUMENTS_H

#include "object.h"

/* Positional arguments only, `minimum` to `maximum` of them. `function` is qualified
   ("list.append") for methods. False with TypeError. */
bool arguments_check(const char *function, int64_t count, Tuple *names, int64_t minimum,
                     int64_t maximum);

/* Raises "f() takes no keyword arguments"; NULL. */
Object *arguments_refuse_keywords(const char *function);

/* The same for functions that CPython counts by PyArg_UnpackTuple: other words for 0 and for 1. */
bool arguments_unpack(const char *function, int64_t count, Tuple *names, int64_t minimum,
                      int64_t maximum);

typedef struct Signature {
    const char *function;
    uint8_t required;          /* the first ones that must be given */
    uint8_t positional;        /* the first ones that may be given by position */
    const char *names[];       /* of all parameters; a NULL ends; "" is positional only */
} Signature;

/* Fills values[] by position and keyword, borrowed; NULL where nothing was given. */
bool arguments_bind(const Signature *signature, Object *const *args, int64_t count, Tuple *names,
                    Object **values);

/* Keyword argument number `index` of a call: its name and, behind the positional ones, its value. */
static inline int64_t keyword_count(const Tuple *names) { return names ? names->var.size : 0; }
static inline Str *keyword_name(const Tuple *names, int64_t index) {
    return (Str *)names->items[index].object;
}

#endif
