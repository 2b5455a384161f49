/* The arguments of calls by name. */

#include "arguments.h"

#include "errors.h"
#include "memory.h"

static const char *unqualified(const char *function) {
    const char *name = function;
    for (; *function; function++) {
        if (*function == '.') name = function + 1;
    }
    return name;
}

Object *arguments_refuse_keywords(const char *function) {
    raise_formatted(&Exc_TypeError_Type, "%s() takes no keyword arguments", function);
    return NULL;
}

bool arguments_unpack(const char *function, int64_t count, Tuple *names, int64_t minimum,
                      int64_t maximum) {
    if (keyword_count(names)) return arguments_refuse_keywords(function);
    if (count >= minimum && count <= maximum) return true;
    int64_t limit = count < minimum ? minimum : maximum;
    const char *how = minimum == maximum ? "" : count < minimum ? "at least " : "at most ";
    raise_formatted(&Exc_TypeError_Type, "%s expected %s%d argument%s, got %d",
                    unqualified(function), how, limit, limit == 1 ? "" : "s", count);
    return false;
}

bool arguments_check(const char *function, int64_t count, Tuple *names, int64_t minimum,
                     int64_t maximum) {
    bool counted = keyword_count(names) || (count >= minimum && count <= maximum);
    bool exactly_one = minimum == 1 && maximum == 1;
    if (counted || (maximum > 0 && !exactly_one)) {
        return arguments_unpack(function, count, names, minimum, maximum);
    }
    raise_formatted(&Exc_TypeError_Type,
                    exactly_one ? "%s() takes exactly one argument (%d given)"
                                : "%s() takes no arguments (%d given)",
                    function, count);
    return false;
}

static bool is_named(const Str *name, const char *parameter) {
    size_t size = strlen(parameter);
    return size == (size_t)name->var.size && memcmp(name->data, parameter, size) == 0;
}

static int64_t parameter_named(const Signature *signature, const Str *name) {
    for (int64_t i = 0; signature->names[i]; i++) {
        if (is_named(name, signature->names[i])) return i;
    }
    return -1;
}

static bool bind_keyword(const Signature *signature, Str *name, Object *value, Object **values) {
    int64_t i = parameter_named(signature, name);
    if (i < 0) {
        raise_formatted(&Exc_TypeError_Type, "'%S' is an invalid keyword argument for %s()", name,
                        unqualified(signature->function));
        return false;
    }
    if (values[i]) {
        raise_formatted(&Exc_TypeError_Type,
                        "argument for %s() given by name ('%S') and position (%d)",
                        unqualified(signature->function), name, i + 1);
        return false;
    }
    values[i] = value;
    return true;
}

static int64_t parameter_count(const Signature *signature) {
    int64_t count = 0;
    while (signature->names[count]) count++;
    return count;
}

/* More arguments than parameters, or than may be given by position? */
static bool counts_fit(const Signature *signature, int64_t count, int64_t named) {
    const char *function = unqualified(signature->function);
    int64_t all = parameter_count(signature), positional = signature->positional;
    if (count + named > all) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes at most %d %sargument%s (%d given)",
                        function, all, positional ? "" : "keyword ", all == 1 ? "" : "s",
                        count + named);
    } else if (count > positional && positional == 0) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes no positional arguments", function);
    } else if (count > positional) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes %s %d positional argument%s (%d given)",
                        function, signature->required == positional ? "exactly" : "at most",
                        positional, positional == 1 ? "" : "s", count);
    } else {
        return true;
    }
    return false;
}

/* Where the parameter has no name. */
static bool complain_about_missing(const Signature *signature, int64_t count) {
    int64_t required = signature->required;
    raise_formatted(&Exc_TypeError_Type, "%s() takes %s %d positional argument%s (%d given)",
                    unqualified(signature->function),
                    required == parameter_count(signature) ? "exactly" : "at least", required,
                    required == 1 ? "" : "s", count);
    return false;
}

bool arguments_bind(const Signature *signature, Object *const *args, int64_t count, Tuple *names,
                    Object **values) {
    for (int64_t i = 0; signature->names[i]; i++) values[i] = i < count ? args[i] : NULL;
    if (!counts_fit(signature, count, keyword_count(names))) return false;
    for (int64_t i = 0; i < keyword_count(names); i++) {
        if (!bind_keyword(signature, keyword_name(names, i), args[count + i], values)) return false;
    }
    for (int64_t i = 0; i < signature->required; i++) {
        if (values[i]) continue;
        if (signature->names[i][0] == 0) return complain_about_missing(signature, count);
        raise_formatted(&Exc_TypeError_Type, "%s() missing required argument '%s' (pos %d)",
                        unqualified(signature->function), signature->names[i], i + 1);
        return false;
    }
    return true;
}
