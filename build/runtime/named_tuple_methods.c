/* The methods of named tuples. */

#include "arguments.h"
#include "dict.h"
#include "errors.h"
#include "generic.h"
#include "list.h"
#include "memory.h"
#include "named_tuple.h"

static Object *renamed(Object *tuple, const Type *type) {
    tuple->type = type;
    return tuple;
}

/* The value that a keyword gives to an item, borrowed, or NULL. */
static Object *given(Str *name, Object *const *args, Tuple *names) {
    for (int64_t i = 0; i < keyword_count(names); i++)
        if (str_equal(keyword_name(names, i), name)) return args[i];
    return NULL;
}

static bool is_field(const Items *items, Str *name) {
    for (uint32_t i = 0; i < items->count; i++)
        if (str_equal(items->items[i].name, name)) return true;
    return false;
}

static Object *refuse_unknown(const Items *items, Tuple *names) {
    List *unknown = (List *)PyList_New(0);
    for (int64_t i = 0; i < keyword_count(names); i++)
        if (!is_field(items, keyword_name(names, i)))
            PyList_Append((Object *)unknown, (Object *)keyword_name(names, i));
    Object *shown = PyObject_Repr((Object *)unknown);
    raise_formatted(&Exc_ValueError_Type, "Got unexpected field names: %S", shown);
    DECREF(shown);
    DECREF(unknown);
    return NULL;
}

Object *named_tuple_replace(Object *self, Object *const *args, int64_t count, Tuple *names) {
    const Items *items = items_of(self->type);
    if (!arguments_check("_replace", count, NULL, 0, 0)) return NULL;
    for (int64_t i = 0; i < keyword_count(names); i++)
        if (!is_field(items, keyword_name(names, i))) return refuse_unknown(items, names);
    Object *values[items->count];
    for (uint32_t i = 0; i < items->count; i++) {
        values[i] = given(items->items[i].name, args, names);
        if (!values[i]) values[i] = tuple_item(self, i);
    }
    return renamed(tuple_from_array(values, items->count), self->type);
}

Object *named_tuple_as_dict(Object *self, Object *const *args, int64_t count, Tuple *names) {
    (void)args;
    if (!arguments_check("_asdict", count, names, 0, 0)) return NULL;
    const Items *items = items_of(self->type);
    Object *dict = PyDict_New();
    for (uint32_t i = 0; i < items->count; i++)
        dict_set_item_str(dict, items->items[i].name, tuple_item(self, i));
    return dict;
}

Object *named_tuple_make(Object *class, Object *const *args, int64_t count, Tuple *names) {
    if (!arguments_check("_make", count, names, 1, 1)) return NULL;
    const Items *items = items_of((const Type *)class);
    Object *tuple = PySequence_Tuple(args[0]);
    if (!tuple) return NULL;
    if (tuple_size(tuple) == items->count) {
        Object *made = tuple_from_slots(((Tuple *)tuple)->items, items->count);
        DECREF(tuple);
        return renamed(made, (const Type *)class);
    }
    raise_formatted(&Exc_TypeError_Type, "Expected %d argument%s, got %d", (int64_t)items->count,
                    items->count == 1 ? "" : "s", tuple_size(tuple));
    DECREF(tuple);
    return NULL;
}
