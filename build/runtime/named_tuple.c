/* Making and showing named tuples. */

#include "named_tuple.h"

#include "builder.h"
#include "errors.h"
#include "generic.h"
#include "memory.h"

static bool set_by_name(const Items *items, Object **values, Str *name, Object *value) {
    for (uint32_t i = 0; i < items->count; i++) {
        if (!str_equal(items->items[i].name, name) || values[i]) continue;
        values[i] = value;
        return true;
    }
    return false;
}

Object *named_tuple_create(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    const Items *items = items_of(type);
    Object *values[items->count];
    if (count > items->count) {
        raise_formatted(&Exc_TypeError_Type,
                        "%s.__new__() takes %d positional arguments but %d were given", type->name,
                        (int64_t)items->count + 1, count + 1);
        return NULL;
    }
    for (uint32_t i = 0; i < items->count; i++) values[i] = i < count ? args[i] : NULL;
    for (int64_t i = 0; names && i < names->var.size; i++) {
        Str *name = (Str *)names->items[i].object;
        if (set_by_name(items, values, name, args[count + i])) continue;
        raise_formatted(&Exc_TypeError_Type, "%s.__new__() got an unexpected keyword argument '%S'",
                        type->name, name);
        return NULL;
    }
    for (uint32_t i = 0; i < items->count; i++) {
        if (!values[i]) values[i] = items->items[i].value;
        if (values[i]) continue;
        raise_formatted(&Exc_TypeError_Type,
                        "%s.__new__() missing 1 required positional argument: '%S'", type->name,
                        items->items[i].name);
        return NULL;
    }
    Object *made = tuple_from_array(values, items->count);
    made->type = type;
    return made;
}

/* Name(left=1, right='x') */
Object *named_tuple_repr(Object *self) {
    const Items *items = items_of(self->type);
    Builder text = builder_new();
    builder_add_c(&text, self->type->name);
    builder_add_char(&text, '(');
    for (uint32_t i = 0; i < items->count; i++) {
        Str *shown = (Str *)PyObject_Repr(tuple_item(self, i));
        if (!shown) {
            builder_abandon(&text);
            return NULL;
        }
        if (i) builder_add_c(&text, ", ");
        builder_add_str(&text, items->items[i].name);
        builder_add_char(&text, '=');
        builder_add_str(&text, shown);
        DECREF(shown);
    }
    builder_add_char(&text, ')');
    return (Object *)builder_finish(&text);
}
