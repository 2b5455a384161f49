/* Enum classes: what is asked of the class (its members, by name, by value) and of any member.

   The compiler lays members out statically, and behind the type object a pointer to their table, in
   the order of definition: the members, then the other names of some of them (emit/enums.py). */

#include "builder.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "str.h"

typedef struct Entry {
    Str *name;
    Object *value;
    Object *member;
} Entry;

typedef struct Members {
    uint32_t count; /* of members; `total` counts the other names too */
    uint32_t total;
    Entry entries[];
} Members;

static const Members *members_of(const Type *type) { return (const Members *)type->vtable[0]; }

static const Entry *entry_of(Object *member) {
    const Members *members = members_of(member->type);
    for (uint32_t i = 0; i < members->count; i++)
        if (members->entries[i].member == member) return &members->entries[i];
    __builtin_unreachable();
}

Object *enum_name(Object *member) {
    Object *name = (Object *)entry_of(member)->name;
    INCREF(name);
    return name;
}

Object *enum_value(Object *member) {
    Object *value = entry_of(member)->value;
    INCREF(value);
    return value;
}

/* Class.NAME */
Object *enum_str(Object *member) {
    Builder text = builder_new();
    builder_add_c(&text, member->type->name);
    builder_add_char(&text, '.');
    builder_add_str(&text, entry_of(member)->name);
    return (Object *)builder_finish(&text);
}

/* <Class.NAME: value> */
Object *enum_repr(Object *member) {
    const Entry *entry = entry_of(member);
    Str *value = (Str *)PyObject_Repr(entry->value);
    if (!value) return NULL;
    Builder text = builder_new();
    builder_add_char(&text, '<');
    builder_add_c(&text, member->type->name);
    builder_add_char(&text, '.');
    builder_add_str(&text, entry->name);
    builder_add_c(&text, ": ");
    builder_add_str(&text, value);
    builder_add_char(&text, '>');
    DECREF(value);
    return (Object *)builder_finish(&text);
}

/* Class(value) */
Object *enum_create(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    if (count != 1 || names) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes one value", type->name);
        return NULL;
    }
    if (args[0]->type == type) {
        INCREF(args[0]);
        return args[0];
    }
    const Members *members = members_of(type);
    for (uint32_t i = 0; i < members->count; i++) {
        int equal = PyObject_RichCompareBool(members->entries[i].value, args[0], Py_EQ);
        if (equal < 0) return NULL;
        if (!equal) continue;
        INCREF(members->entries[i].member);
        return members->entries[i].member;
    }
    Str *shown = (Str *)PyObject_Repr(args[0]);
    if (!shown) return NULL;
    raise_formatted(&Exc_ValueError_Type, "%S is not a valid %s", shown, type->name);
    DECREF(shown);
    return NULL;
}

static Object *no_enum(Object *class, const char *complaint) {
    raise_formatted(&Exc_TypeError_Type, complaint, ((const Type *)class)->name);
    return NULL;
}

static bool is_enum(Object *class) { return ((const Type *)class)->flags & TYPE_IS_ENUM; }

/* The slots of classes as objects, in programs that use an enum class as a value. */

Object *enum_class_iterate(Object *class) {
    if (!is_enum(class)) return no_enum(class, "'type' object is not iterable");
    const Members *members = members_of((const Type *)class);
    Object *list = PyList_New(0);
    for (uint32_t i = 0; i < members->count; i++) PyList_Append(list, members->entries[i].member);
    Object *iterator = PyObject_GetIter(list);
    DECREF(list);
    return iterator;
}

Object *enum_class_get_item(Object *class, Object *name) {
    if (!is_enum(class)) return no_enum(class, "type '%s' is not subscriptable");
    const Members *members = members_of((const Type *)class);
    for (uint32_t i = 0; i < members->total && is_str(name); i++) {
        if (!str_equal(members->entries[i].name, (Str *)name)) continue;
        INCREF(members->entries[i].member);
        return members->entries[i].member;
    }
    raise_with_argument(&Exc_KeyError_Type, name);
    return NULL;
}

int64_t enum_class_length(Object *class) {
    if (is_enum(class)) return members_of((const Type *)class)->count;
    no_enum(class, "object of type 'type' has no len()");
    return -1;
}

int enum_class_contains(Object *class, Object *member) {
    if (is_enum(class)) return member->type == (const Type *)class;
    no_enum(class, "argument of type 'type' is not iterable");
    return -1;
}

int enum_class_truth(Object *class) {
    (void)class;
    return 1;
}
