/* type and object: what every type has, and questions about types. */

#include "builder.h"
#include "errors.h"
#include "generic.h"
#include "memory.h"
#include "none.h"
#include "str.h"
#include "tuple.h"

bool type_is_subtype(const Type *type, const Type *base) {
    for (; type; type = type->base) {
        if (type == base) return true;
    }
    return false;
}

char CPy_TypeCheck(Object *object, Object *type) {
    return object_is(object, (const Type *)type);
}

Object *CPy_TYPE(Object *object) {
    const Type *type = object->type;
    if (type->flags & TYPE_STANDS_FOR_BASE) type = type->base;
    INCREF(type);
    return (Object *)type;
}

static int is_subtype_of_any(const Type *type, Object *bases, const char *complaint) {
    if (bases->type == &PyType_Type) return type_is_subtype(type, (const Type *)bases);
    if (bases->type != &PyTuple_Type) {
        raise_standard_error(&Exc_TypeError_Type, complaint);
        return -1;
    }
    for (int64_t i = 0; i < tuple_size(bases); i++) {
        int result = is_subtype_of_any(type, tuple_item(bases, i), complaint);
        if (result) return result;
    }
    return 0;
}

int PyObject_IsInstance(Object *object, Object *type_or_tuple) {
    return is_subtype_of_any(object->type, type_or_tuple,
                             "isinstance() arg 2 must be a type, a tuple of types, or a union");
}

int PyObject_IsSubclass(Object *type, Object *type_or_tuple) {
    if (type->type != &PyType_Type) {
        raise_standard_error(&Exc_TypeError_Type, "issubclass() arg 1 must be a class");
        return -1;
    }
    return is_subtype_of_any((const Type *)type, type_or_tuple,
                             "issubclass() arg 2 must be a class, a tuple of classes, or a union");
}

static void add_address(Builder *builder, const Object *object) {
    uintptr_t address = (uintptr_t)object;
    builder_add_c(builder, "0x");
    for (int shift = 28; shift >= 0; shift -= 4) {
        builder_add_char(builder, "0123456789abcdef"[address >> shift & 15]);
    }
}

Object *object_default_repr(Object *object) {
    Builder builder = builder_new();
    builder_add_char(&builder, '<');
    builder_add_c(&builder, object->type->name);
    builder_add_c(&builder, " object at ");
    add_address(&builder, object);
    builder_add_char(&builder, '>');
    return (Object *)builder_finish(&builder);
}

/* Blocks are aligned to 8: the low bits say nothing. */
int64_t object_identity_hash(Object *object) {
    return (int64_t)((uintptr_t)object >> 3);
}

static Object *type_repr(Object *self) {
    Builder builder = builder_new();
    builder_add_c(&builder, "<class '");
    builder_add_c(&builder, ((const Type *)self)->name);
    builder_add_c(&builder, "'>");
    return (Object *)builder_finish(&builder);
}

/* x.__name__ */
Object *CPy_GetName(Object *object) {
    if (object->type == &PyType_Type) return (Object *)str_from_c(((const Type *)object)->name);
    static Str name = {.var = {STATIC_HEAD(&PyUnicode_Type), 8}, .length = 8, .data = "__name__"};
    return PyObject_GetAttr(object, (Object *)&name);
}

Type PyType_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "type",
    .base = &PyBaseObject_Type,
    .repr = type_repr,
    .str = type_repr,
    .hash = object_identity_hash,
    .call = type_call,
};

static Object *object_create(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    (void)args;
    if (count == 0 && !names) return instance_new(type);
    raise_formatted(&Exc_TypeError_Type, "%s() takes no arguments", type->name);
    return NULL;
}

Type PyBaseObject_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "object",
    .instance_size = sizeof(Object),
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .create = object_create,
};
