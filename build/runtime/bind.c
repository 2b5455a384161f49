/* Dynamic calls of compiled functions that have more than plain positional parameters, or that are
   called with keywords: arguments are sorted into one value per parameter, as CPython does it and
   with its complaints. The compiler lays out a Callee per such function (emit/wrappers.py). */

#include "builder.h"
#include "dict.h"
#include "errors.h"
#include "memory.h"
#include "str.h"
#include "tuple.h"

enum { OPTIONAL = 1, BY_POSITION = 2, BY_NAME = 4, STAR = 8, STAR_STAR = 16 };

typedef struct Parameter {
    const char *name;
    uint32_t flags;
} Parameter;

/* Takes one value per parameter, borrowed; NULL where an optional one was not given. */
typedef Object *(*Target)(Object *self, Object *const *values);

typedef struct Callee {
    const char *name;
    Target target;
    uint32_t self; /* 1: a method, whose self counts in messages */
    uint32_t count;
    Parameter parameters[];
} Callee;

static uint32_t count_of(const Callee *callee, uint32_t flag, uint32_t without) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < callee->count; i++) {
        uint32_t flags = callee->parameters[i].flags;
        found += (flags & flag) && !(flags & without);
    }
    return found;
}

static int64_t index_of(const Callee *callee, uint32_t flag) {
    for (uint32_t i = 0; i < callee->count; i++)
        if (callee->parameters[i].flags & flag) return i;
    return -1;
}

static void complain_about_count(const Callee *callee, int64_t given) {
    uint32_t most = count_of(callee, BY_POSITION, 0) + callee->self;
    uint32_t least = count_of(callee, BY_POSITION, OPTIONAL) + callee->self;
    given += callee->self;
    const char *were = given == 1 ? "was" : "were";
    if (least == most) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes %d positional argument%s but %d %s given",
                        callee->name, (int64_t)most, most == 1 ? "" : "s", given, were);
    } else {
        raise_formatted(&Exc_TypeError_Type,
                        "%s() takes from %d to %d positional argument%s but %d %s given",
                        callee->name, (int64_t)least, (int64_t)most, most == 1 ? "" : "s", given,
                        were);
    }
}

static bool is_missing(const Callee *callee, Object *const *values, uint32_t i, bool by_position) {
    uint32_t flags = callee->parameters[i].flags;
    bool wanted = by_position ? flags & BY_POSITION : !(flags & BY_POSITION);
    return wanted && !values[i] && !(flags & (OPTIONAL | STAR | STAR_STAR));
}

/* Names the missing parameters of one kind: 'a', 'b', and 'c'. False when some are. */
static bool none_missing(const Callee *callee, Object *const *values, bool by_position) {
    uint32_t missing = 0;
    for (uint32_t i = 0; i < callee->count; i++)
        missing += is_missing(callee, values, i, by_position);
    if (!missing) return true;
    Builder names = builder_new();
    uint32_t written = 0;
    for (uint32_t i = 0; i < callee->count; i++) {
        if (!is_missing(callee, values, i, by_position)) continue;
        if (written) builder_add_c(&names, missing > 2 ? ", " : " ");
        if (written && written == missing - 1) builder_add_c(&names, "and ");
        builder_add_char(&names, '\'');
        builder_add_c(&names, callee->parameters[i].name);
        builder_add_char(&names, '\'');
        written++;
    }
    Str *list = builder_finish(&names);
    raise_formatted(&Exc_TypeError_Type, "%s() missing %d required %s argument%s: %S", callee->name,
                    (int64_t)missing, by_position ? "positional" : "keyword-only",
                    missing == 1 ? "" : "s", list);
    DECREF(list);
    return false;
}

static int64_t parameter_named(const Callee *callee, const Str *name) {
    for (uint32_t i = 0; i < callee->count; i++) {
        const Parameter *parameter = &callee->parameters[i];
        size_t size = strlen(parameter->name);
        if (parameter->flags & BY_NAME && size == (size_t)name->var.size &&
            memcmp(name->data, parameter->name, size) == 0)
            return i;
    }
    return -1;
}

static bool bind_name(const Callee *callee, Object **values, Str *name, Object *value) {
    int64_t i = parameter_named(callee, name);
    int64_t others = index_of(callee, STAR_STAR);
    if (i < 0 && others >= 0) return PyDict_SetItem(values[others], (Object *)name, value) == 0;
    if (i < 0) {
        raise_formatted(&Exc_TypeError_Type, "%s() got an unexpected keyword argument '%S'",
                        callee->name, name);
        return false;
    }
    if (values[i]) {
        raise_formatted(&Exc_TypeError_Type, "%s() got multiple values for argument '%S'",
                        callee->name, name);
        return false;
    }
    values[i] = value;
    return true;
}

static bool bind(const Callee *callee, Object **values, Object *const *args, int64_t count,
                 const Tuple *names) {
    int64_t taken = 0;
    for (uint32_t i = 0; i < callee->count; i++) {
        bool takes = callee->parameters[i].flags & BY_POSITION && taken < count;
        values[i] = takes ? args[taken++] : NULL;
    }
    int64_t star = index_of(callee, STAR), others = index_of(callee, STAR_STAR);
    if (star >= 0) values[star] = (Object *)tuple_from_array(args + taken, count - taken);
    if (others >= 0) values[others] = PyDict_New();
    if (star < 0 && taken < count) {
        complain_about_count(callee, count);
        return false;
    }
    for (int64_t i = 0; names && i < names->var.size; i++)
        if (!bind_name(callee, values, (Str *)names->items[i].object, args[count + i]))
            return false;
    return none_missing(callee, values, true) && none_missing(callee, values, false);
}

Object *call_bound(Object *self, Object *const *args, int64_t count, Tuple *names,
                   const Callee *callee) {
    Object *values[callee->count + 1];
    bool bound = bind(callee, values, args, count, names);
    Object *result = bound ? callee->target(self, values) : NULL;
    for (uint32_t i = 0; i < callee->count; i++)
        if (callee->parameters[i].flags & (STAR | STAR_STAR)) XDECREF(values[i]);
    return result;
}
