/* Methods as values. */

#include "method.h"

#include "arguments.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "slots.h"

typedef struct BoundMethod {
    Object head;
    BoundFunction function;
    Object *self; /* NULL: unbound */
} BoundMethod;

static Object *new_method(const Type *type, BoundFunction function, Object *self) {
    BoundMethod *method = (BoundMethod *)instance_new(type);
    method->function = function;
    method->self = self;
    if (self) INCREF(self);
    return (Object *)method;
}

Object *bound_method_new(BoundFunction function, Object *self) {
    return new_method(&BoundMethod_Type, function, self);
}

Object *unbound_method_new(BoundFunction function) {
    return new_method(&UnboundMethod_Type, function, NULL);
}

static Object *bound_call(Object *callee, Object *const *args, int64_t count, Tuple *names) {
    const BoundMethod *method = (BoundMethod *)callee;
    return method->function(method->self, args, count, names);
}

static Object *unbound_call(Object *callee, Object *const *args, int64_t count, Tuple *names) {
    if (count == 0) {
        raise_standard_error(&Exc_TypeError_Type, "unbound method needs an argument");
        return NULL;
    }
    return ((BoundMethod *)callee)->function(args[0], args + 1, count - 1, names);
}

static Object *bound_compare(Object *left, Object *right, int operator) {
    const BoundMethod *a = (BoundMethod *)left, *b = (BoundMethod *)right;
    bool comparable = left->type == right->type && (operator == Py_EQ || operator == Py_NE);
    if (!comparable) return not_implemented();
    bool equal = a->function == b->function && a->self == b->self;
    return bool_object(equal == (operator == Py_EQ));
}

static int64_t bound_hash(Object *self) {
    const BoundMethod *method = (BoundMethod *)self;
    return (int64_t)((uintptr_t)method->self >> 3 ^ (uintptr_t)method->function << 16);
}

static const uint16_t bound_references[] = {offsetof(BoundMethod, self), 0};

Type BoundMethod_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "builtin_function_or_method",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(BoundMethod),
    .references = bound_references,
    .dealloc = instance_dealloc,
    .hash = bound_hash,
    .compare = bound_compare,
    .call = bound_call,
};

Type UnboundMethod_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "method_descriptor",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(BoundMethod),
    .dealloc = leaf_dealloc,
    .hash = bound_hash,
    .compare = bound_compare,
    .call = unbound_call,
};

typedef struct Method {
    Object head;
    Object *callee;
    Object *self;
} Method;

Object *PyMethod_New(Object *callee, Object *self) {
    Method *method = (Method *)instance_new(&PyMethod_Type);
    INCREF(callee);
    INCREF(self);
    method->callee = callee;
    method->self = self;
    return (Object *)method;
}

static Object *method_call(Object *object, Object *const *args, int64_t count, Tuple *names) {
    const Method *method = (Method *)object;
    int64_t given = count + keyword_count(names);
    Object **all = mixer2_alloc(array_size(given + 1, sizeof *all));
    all[0] = method->self;
    for (int64_t i = 0; i < given; i++) all[i + 1] = args[i];
    Object *result = PyObject_Vectorcall(method->callee, all, (uint64_t)count + 1, names);
    mixer2_free(all);
    return result;
}

static const uint16_t method_references[] = {offsetof(Method, callee), offsetof(Method, self), 0};

Type PyMethod_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "method",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Method),
    .references = method_references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .call = method_call,
};
