/* Operations on objects of any type: the gates of object.h and what is built on them. Each reads
   one slot of the type. Operands are borrowed and results new, as everywhere. */

#ifndef MIXER2_GENERIC_H
#define MIXER2_GENERIC_H

#include "object.h"

enum { Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE };

typedef enum BinaryOperator {
    BINARY_ADD,
    BINARY_SUBTRACT,
    BINARY_MULTIPLY,
    BINARY_MATRIX_MULTIPLY,
    BINARY_TRUE_DIVIDE,
    BINARY_FLOOR_DIVIDE,
    BINARY_REMAINDER,
    BINARY_POWER,
    BINARY_LSHIFT,
    BINARY_RSHIFT,
    BINARY_AND,
    BINARY_XOR,
    BINARY_OR,
    BINARY_DIVMOD,
    /* `x op= y`: a type that has no in-place form answers as for BINARY_ADD.. */
    BINARY_IN_PLACE = 16,
} BinaryOperator;

typedef enum UnaryOperator {
    UNARY_NEGATIVE,
    UNARY_POSITIVE,
    UNARY_INVERT,
    UNARY_ABSOLUTE,
    UNARY_INT,   /* int(x), __int__ */
    UNARY_FLOAT, /* float(x), __float__ */
    UNARY_INDEX, /* __index__ */
} UnaryOperator;

/* The slots `compare`, `binary` and `unary` answer with a new reference to NotImplemented when
   they do not know the operand. */
extern Object _Py_NotImplementedStruct;
static inline Object *not_implemented(void) {
    INCREF(&_Py_NotImplementedStruct);
    return &_Py_NotImplementedStruct;
}

/* Gates: the only readers of their slots. They live in gates.c, apart from their callers, because
   one that the C compiler inlines is one that the linker cannot see.
   Laws of the slots: `str` and `repr` are both set where str(x) is repr(x); a type without `hash` is
   not hashable (object_identity_hash is the usual one), one without `truth` always true, one
   without `contains` no container (object_contains_by_iteration is for iterables). */
Object *PyObject_Repr(Object *object);
Object *PyObject_Str(Object *object);
int64_t PyObject_Hash(Object *object);                      /* -1: error */
Object *PyObject_RichCompare(Object *left, Object *right, int operator);
int PyObject_IsTrue(Object *object);                        /* -1: error */
Py_ssize_t PyObject_Size(Object *object);                   /* -1: error */
int PySequence_Contains(Object *container, Object *item);   /* -1: error */
Object *PyObject_GetItem(Object *container, Object *key);
int PyObject_SetItem(Object *container, Object *key, Object *value);
int PyObject_DelItem(Object *container, Object *key);
Object *PyObject_GetIter(Object *iterable);
Object *PyIter_Next(Object *iterator);                      /* NULL: end, or error pending */
Object *PyObject_Vectorcall(Object *callee, Object *const *args, uint64_t count, Tuple *names);
Object *object_binary(Object *left, Object *right, int operator);
Object *object_unary(Object *operand, int operator);
Object *PyObject_Format(Object *object, Object *specification);

Object *object_default_repr(Object *object);
int64_t object_identity_hash(Object *object);
int object_contains_by_iteration(Object *iterable, Object *item);
/* Type.iterate of iterators. */
Object *iterator_self(Object *iterator);

/* Built on them. */
int PyObject_RichCompareBool(Object *left, Object *right, int operator); /* identity is equality */
int PyObject_Not(Object *object);
Tagged CPyObject_Hash(Object *object);
Tagged CPyObject_Size(Object *object);
Object *CPyIter_Next(Object *iterator);

/* Attributes (attribute.c). */
Object *PyObject_GetAttr(Object *object, Object *name);
Object *CPyObject_GetAttr(Object *object, Object *name);
Object *CPyObject_GetAttr3(Object *object, Object *name, Object *fallback);
int PyObject_SetAttr(Object *object, Object *name, Object *value);
int PyObject_DelAttr(Object *object, Object *name);
char PyObject_HasAttr(Object *object, Object *name);
/* New reference, or NULL without an error when there is none. */
Object *object_find_attribute(Object *object, const Str *name);

/* Calls (call.c). */
Object *PyObject_VectorcallMethod(Object *name, Object *const *args, uint64_t count, Tuple *names);
Object *PyObject_Call(Object *callee, Object *args, Object *keywords);
Object *PyObject_CallObject(Object *callee, Object *args);

/* Types (type.c). */
extern Type PyType_Type;
extern Type PyBaseObject_Type;
bool type_is_subtype(const Type *type, const Type *base);
static inline bool object_is(const Object *object, const Type *type) {
    return object->type == type || type_is_subtype(object->type, type);
}
char CPy_TypeCheck(Object *object, Object *type);
int PyObject_IsInstance(Object *object, Object *type_or_tuple);
int PyObject_IsSubclass(Object *type, Object *type_or_tuple);
Object *CPy_TYPE(Object *object);
Object *CPy_GetName(Object *object); /* object.__name__ */
/* Type.call of types, and the gate of `create`. */
Object *type_call(Object *callee, Object *const *args, int64_t count, Tuple *names);

#endif
