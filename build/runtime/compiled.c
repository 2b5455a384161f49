/* What emitted code calls besides mypyc's own primitives (mixer2/compiler/emit). */

#include "bytes.h"
#include "dict.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "memory.h"
#include "none.h"
#include "str.h"
#include "tuple.h"

void CPy_IncRef(Object *object) { INCREF(object); }

Object *new_reference(Object *object) {
    INCREF(object);
    return object;
}

void CPy_DecRef(Object *object) { DECREF(object); }

void CPy_XDecRef(Object *object) {
    if (object) DECREF(object);
}

/* Casts check the type of a value: they return it, or set TypeError and return NULL. */

static bool has_type(const Object *object, const Type *type) {
    return object->type == type || type_is_subtype(object->type, type);
}

Object *cast_borrowed(Object *object, const Type *type) {
    if (has_type(object, type)) return object;
    CPy_TypeError(type->name, object);
    return NULL;
}

Object *cast_optional_borrowed(Object *object, const Type *type) {
    if (object == NONE || has_type(object, type)) return object;
    raise_type_error(type->name, " or None", object);
    return NULL;
}

/* `types` ends with NULL; `name` is how the union reads in Python. */
Object *cast_any_borrowed(Object *object, const Type *const *types, const char *name) {
    for (; *types; types++) {
        if (type_is_subtype(object->type, *types)) return object;
    }
    CPy_TypeError(name, object);
    return NULL;
}

/* These own the reference that they are given, and drop it when they refuse. */

Object *cast(Object *object, const Type *type) {
    Object *result = cast_borrowed(object, type);
    if (!result) DECREF(object);
    return result;
}

Object *cast_optional(Object *object, const Type *type) {
    Object *result = cast_optional_borrowed(object, type);
    if (!result) DECREF(object);
    return result;
}

Object *cast_any(Object *object, const Type *const *types, const char *name) {
    Object *result = cast_any_borrowed(object, types, name);
    if (!result) DECREF(object);
    return result;
}

Tagged unbox_int(Object *object) {
    if (is_int(object)) return tagged_checked(int_value(object));
    CPy_TypeError("int", object);
    return TAGGED_ERROR;
}

char unbox_bool(Object *object) {
    if (object->type == &PyBool_Type) return (char)int_value(object);
    CPy_TypeError("bool", object);
    return BOOL_ERROR;
}

char unbox_none(Object *object) {
    if (object == NONE) return 1;
    CPy_TypeError("None", object);
    return BOOL_ERROR;
}

/* The tuple's items when it has `count` of them, else NULL with TypeError set. */
Slot *unbox_tuple(Object *object, Py_ssize_t count) {
    if (has_type(object, &PyTuple_Type) && ((VarObject *)object)->size == count) {
        return ((Tuple *)object)->items;
    }
    CPy_TypeError("tuple", object);
    return NULL;
}

void attribute_undefined(const char *attribute, Object *object) {
    raise_formatted(&Exc_AttributeError_Type, "'%T' object has no attribute '%s'", object, attribute);
}

void local_variable_undefined(const char *name) {
    raise_formatted(&Exc_UnboundLocalError_Type,
                    "cannot access local variable '%s' where it is not associated with a value", name);
}

void free_variable_undefined(const char *name) {
    raise_formatted(&Exc_NameError_Type,
                    "cannot access free variable '%s' where it is not associated with a value in "
                    "enclosing scope",
                    name);
}

void name_undefined(const char *name) {
    raise_formatted(&Exc_NameError_Type, "name '%s' is not defined", name);
}

/* Boxed calls of compiled functions: positional arguments only, `least` to `most` of them. */
bool accepts_arguments(const char *name, int64_t count, Tuple *keyword_names, int32_t least,
                       int32_t most) {
    if (keyword_names && keyword_names->var.size) {
        raise_formatted(&Exc_TypeError_Type, "%s() takes no keyword arguments in a dynamic call", name);
        return false;
    }
    if (count >= least && count <= most) return true;
    int64_t wanted = count < least ? least : most;
    raise_formatted(&Exc_TypeError_Type, "%s() takes %d positional argument%s but %d %s given", name,
                    wanted, wanted == 1 ? "" : "s", count, count == 1 ? "was" : "were");
    return false;
}

/* A module's variable: a new reference, NULL with NameError before it was set. */
Object *global_get(Object *const *slot, const char *name) {
    Object *value = *slot;
    if (!value) {
        name_undefined(name);
        return NULL;
    }
    INCREF(value);
    return value;
}

/* Sets a module's variable or a class attribute; NULL deletes it. */
void slot_set(Object **slot, Object *value) {
    Object *old = *slot;
    if (value) INCREF(value);
    *slot = value;
    if (old) DECREF(old);
}

/* __hash__ results for Type.hash: -1 is the error there, so a hash of -1 becomes -2. */
int64_t hash_from_tagged(Tagged hash) {
    if (hash == TAGGED_ERROR) return -1;
    int64_t value = tagged_value(hash);
    return value == -1 ? -2 : value;
}

int64_t hash_from_object(Object *hash) {
    if (!hash) return -1;
    Tagged value = unbox_int(hash);
    DECREF(hash);
    return hash_from_tagged(value);
}

Object *new_not_implemented(void) { return not_implemented(); }

/* What a special method returned, where a truth is asked; takes the reference. -1: error. */
int truth_of_result(Object *result) {
    if (!result) return -1;
    int truth = PyObject_IsTrue(result);
    DECREF(result);
    return truth;
}
