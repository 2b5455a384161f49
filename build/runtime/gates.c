/* The gates: each is the one reader of a slot of the type. See generic.h and object.h. */

#include "errors.h"
#include "exception_text.h"
#include "generic.h"
#include "int.h"
#include "str.h"

#define GATE __attribute__((noinline))

/* Objects may nest deeper than the stack reaches. CPython counts frames; here C's stack counts,
   which grows downwards to address 0, and the host's, of which each call takes some too. */
#define NESTING_LIMIT 500
#define STACK_RESERVE 8192u /* what the conversion of a float takes, twice */

static uint32_t nesting;

static bool nest(const char *message) {
    if (nesting < NESTING_LIMIT && (uintptr_t)__builtin_frame_address(0) > STACK_RESERVE) {
        nesting++;
        return true;
    }
    raise_standard_error(&Exc_RecursionError_Type, message);
    return false;
}

GATE Object *PyObject_Repr(Object *object) {
    if (!object->type->repr) return object_default_repr(object);
    if (!nest("maximum recursion depth exceeded while getting the repr of an object")) return NULL;
    Object *repr = object->type->repr(object);
    nesting--;
    return repr;
}

GATE Object *exception_text(Object *exception) { return exception->type->str(exception); }

static Object *text_of(Object *object) {
    bool is_exception = object->type->flags & TYPE_IS_EXCEPTION;
    return is_exception ? exception_text(object) : object->type->str(object);
}

GATE Object *PyObject_Str(Object *object) {
    if (!object->type->str) return object_default_repr(object);
    if (!nest("maximum recursion depth exceeded while getting the str of an object")) return NULL;
    Object *text = text_of(object);
    nesting--;
    return text;
}

GATE int64_t PyObject_Hash(Object *object) {
    if (!object->type->hash) {
        raise_formatted(&Exc_TypeError_Type, "unhashable type: '%T'", object);
        return -1;
    }
    if (!nest("maximum recursion depth exceeded")) return -1;
    int64_t hash = object->type->hash(object);
    nesting--;
    return hash;
}

/* What stands in the middle of an error message, by operator. */
static const char *const comparison_names[] = {"<", "<=", "==", "!=", ">", ">="};
static const char comparison_swapped[] = {Py_GT, Py_GE, Py_EQ, Py_NE, Py_LT, Py_LE};

static Object *compare_by(const Type *type, Object *left, Object *right, int operator) {
    return type->compare ? type->compare(left, right, operator) : not_implemented();
}

static bool is_answer(Object *result) {
    if (result != &_Py_NotImplementedStruct) return true;
    DECREF(result);
    return false;
}

static Object *compare_default(Object *left, Object *right, int operator) {
    if (operator == Py_EQ) return bool_object(left == right);
    if (operator == Py_NE) return bool_object(left != right);
    raise_formatted(&Exc_TypeError_Type, "'%s' not supported between instances of '%T' and '%T'",
                    comparison_names[operator], left, right);
    return NULL;
}

static Object *compare(Object *left, Object *right, int operator) {
    Object *result;
    int swapped = comparison_swapped[operator];
    bool right_first = left->type != right->type && type_is_subtype(right->type, left->type);
    if (right_first) {
        result = compare_by(right->type, right, left, swapped);
        if (is_answer(result)) return result;
    }
    result = compare_by(left->type, left, right, operator);
    if (is_answer(result)) return result;
    if (!right_first) {
        result = compare_by(right->type, right, left, swapped);
        if (is_answer(result)) return result;
    }
    return compare_default(left, right, operator);
}

GATE Object *PyObject_RichCompare(Object *left, Object *right, int operator) {
    if (!nest("maximum recursion depth exceeded in comparison")) return NULL;
    Object *result = compare(left, right, operator);
    nesting--;
    return result;
}

GATE int PyObject_IsTrue(Object *object) {
    return object->type->truth ? object->type->truth(object) : 1;
}

GATE Py_ssize_t PyObject_Size(Object *object) {
    if (object->type->length) return object->type->length(object);
    raise_formatted(&Exc_TypeError_Type, "object of type '%T' has no len()", object);
    return -1;
}

GATE int PySequence_Contains(Object *container, Object *item) {
    if (container->type->contains) return container->type->contains(container, item);
    raise_formatted(&Exc_TypeError_Type, "argument of type '%T' is not iterable", container);
    return -1;
}

GATE Object *PyObject_GetItem(Object *container, Object *key) {
    if (container->type->get_item) return container->type->get_item(container, key);
    raise_formatted(&Exc_TypeError_Type, "'%T' object is not subscriptable", container);
    return NULL;
}

/* value NULL: `del container[key]`. */
GATE int PyObject_SetItem(Object *container, Object *key, Object *value) {
    if (container->type->set_item) return container->type->set_item(container, key, value);
    raise_formatted(&Exc_TypeError_Type,
                    value ? "'%T' object does not support item assignment"
                          : "'%T' object doesn't support item deletion",
                    container);
    return -1;
}

GATE Object *PyObject_GetIter(Object *iterable) {
    if (iterable->type->iterate) return iterable->type->iterate(iterable);
    raise_formatted(&Exc_TypeError_Type, "'%T' object is not iterable", iterable);
    return NULL;
}

GATE Object *PyIter_Next(Object *iterator) {
    if (!iterator->type->next) {
        raise_formatted(&Exc_TypeError_Type, "'%T' object is not an iterator", iterator);
        return NULL;
    }
    Object *item = iterator->type->next(iterator);
    if (!item && error_pending()) error_clear_if(&Exc_StopIteration_Type);
    return item;
}

GATE Object *PyObject_Vectorcall(Object *callee, Object *const *args, uint64_t count,
                                 Tuple *names) {
    /* The highest bit tells CPython that args[-1] is free for its use. */
    int64_t positional = (int64_t)(count & ~(UINT64_C(1) << 63));
    if (callee->type->call) return callee->type->call(callee, args, positional, names);
    raise_formatted(&Exc_TypeError_Type, "'%T' object is not callable", callee);
    return NULL;
}

GATE Object *object_unary(Object *operand, int operator) {
    return operand->type->unary ? operand->type->unary(operand, operator) : not_implemented();
}

static Object *binary_by(const Type *type, Object *left, Object *right, int operator) {
    return type->binary ? type->binary(left, right, operator) : not_implemented();
}

/* The answer of the types, or NotImplemented. Both get the operands in their order. */
GATE Object *object_binary(Object *left, Object *right, int operator) {
    Object *result;
    bool differ = left->type != right->type;
    bool right_first = differ && type_is_subtype(right->type, left->type);
    if (right_first) {
        result = binary_by(right->type, left, right, operator & ~BINARY_IN_PLACE);
        if (is_answer(result)) return result;
    }
    result = binary_by(left->type, left, right, operator);
    if (result != &_Py_NotImplementedStruct || !differ || right_first) return result;
    DECREF(result);
    return binary_by(right->type, left, right, operator & ~BINARY_IN_PLACE);
}

static Object *create(const Type *type, Object *const *args, int64_t count, Tuple *names) {
    if (type->create) return type->create(type, args, count, names);
    raise_formatted(&Exc_TypeError_Type, "cannot create '%s' instances", type->name);
    return NULL;
}

/* Type.call of types. */
GATE Object *type_call(Object *callee, Object *const *args, int64_t count, Tuple *names) {
    if (callee == (Object *)&PyType_Type && count == 1 && !names) return CPy_TYPE(args[0]);
    return create((const Type *)callee, args, count, names);
}

GATE Object *PyObject_Format(Object *object, Object *specification) {
    if (object->type->format) return object->type->format(object, (Str *)specification);
    if (((Str *)specification)->var.size == 0) return PyObject_Str(object);
    raise_formatted(&Exc_TypeError_Type, "unsupported format string passed to %T.__format__",
                    object);
    return NULL;
}
