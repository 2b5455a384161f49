/* Attributes by name: the tables of the types (object.h), and what exceptions carry besides. */

#include "attribute.h"

#include "dict.h"
#include "errors.h"
#include "float.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "method.h"
#include "none.h"
#include "str.h"

const Attribute *type_find_attribute(const Type *type, const Str *name) {
    for (; type; type = type->base) {
        const Attribute *attribute = type->attributes;
        if (!attribute) continue;
        for (; attribute->name; attribute++) {
            if (str_equal(attribute->name, name)) return attribute;
        }
    }
    return NULL;
}

static Object *reference(Object *object) {
    if (object) INCREF(object);
    return object;
}

static void *field(Object *object, const Attribute *attribute) {
    return (char *)object + attribute->target;
}

/* NULL without an error: the field is not set. */
static Object *read_field(Object *object, const Attribute *attribute) {
    void *place = field(object, attribute);
    Tagged number;
    char truth;
    switch (attribute->kind) {
        case ATTRIBUTE_FIELD_OBJECT: return reference(*(Object **)place);
        case ATTRIBUTE_FIELD_INT:
            number = *(Tagged *)place;
            return number == TAGGED_ERROR ? NULL : int_new(tagged_value(number));
        case ATTRIBUTE_FIELD_BOOL:
            truth = *(char *)place;
            return truth == BOOL_ERROR ? NULL : bool_object(truth);
        default: return float_new(*(double *)place);
    }
}

typedef Object *(*Getter)(Object *);

static Object *read_attribute(Object *object, const Attribute *attribute) {
    switch (attribute->kind) {
        case ATTRIBUTE_METHOD: return bound_method_new((BoundFunction)attribute->target, object);
        case ATTRIBUTE_PROPERTY: return ((Getter)attribute->target)(object);
        case ATTRIBUTE_VALUE: return reference(*(Object **)attribute->target);
        default: return read_field(object, attribute);
    }
}

/* Class.name: a method as a function that takes self. */
static Object *read_class_attribute(const Attribute *attribute) {
    if (attribute->kind == ATTRIBUTE_METHOD) {
        return unbound_method_new((BoundFunction)attribute->target);
    }
    return attribute->kind == ATTRIBUTE_VALUE ? reference(*(Object **)attribute->target) : NULL;
}

static bool is_name(const Str *name, const char *text) {
    return memcmp(name->data, text, strlen(text) + 1) == 0;
}

static Object *or_none(Object *object) {
    return reference(object ? object : NONE);
}

static Object *exception_attribute(const Exception *exception, const Str *name) {
    Object *value = NULL;
    if (exception->attributes) dict_get(exception->attributes, (Object *)name, &value);
    if (value) return reference(value);
    if (is_name(name, "args")) return reference((Object *)exception->args);
    if (is_name(name, "__cause__")) return or_none(exception->cause);
    if (is_name(name, "__context__")) return or_none(exception->context);
    if (is_name(name, "__suppress_context__")) return bool_object(exception->suppress_context);
    return NULL;
}

Object *object_find_attribute(Object *object, const Str *name) {
    const Type *type = object->type;
    if (type == &PyType_Type) {
        const Attribute *attribute = type_find_attribute((const Type *)object, name);
        if (attribute) return read_class_attribute(attribute);
        return is_name(name, "__name__") ? CPy_GetName(object) : NULL;
    }
    const Attribute *attribute = type_find_attribute(type, name);
    if (attribute) return read_attribute(object, attribute);
    if (is_name(name, "__class__")) return CPy_TYPE(object);
    if (type->flags & TYPE_IS_EXCEPTION) return exception_attribute((Exception *)object, name);
    return NULL;
}

static void raise_missing(Object *object, Object *name) {
    if (object->type == &PyType_Type) {
        raise_formatted(&Exc_AttributeError_Type, "type object '%s' has no attribute '%S'",
                        ((Type *)object)->name, name);
    } else {
        raise_formatted(&Exc_AttributeError_Type, "'%T' object has no attribute '%S'", object,
                        name);
    }
}

static bool is_attribute_name(Object *name) {
    if (is_str(name)) return true;
    raise_formatted(&Exc_TypeError_Type, "attribute name must be string, not '%T'", name);
    return false;
}

Object *PyObject_GetAttr(Object *object, Object *name) {
    if (!is_attribute_name(name)) return NULL;
    Object *value = object_find_attribute(object, (Str *)name);
    if (!value && !error_pending()) raise_missing(object, name);
    return value;
}

Object *CPyObject_GetAttr(Object *object, Object *name) {
    return PyObject_GetAttr(object, name);
}

Object *CPyObject_GetAttr3(Object *object, Object *name, Object *fallback) {
    if (!is_attribute_name(name)) return NULL;
    Object *value = object_find_attribute(object, (Str *)name);
    if (value || (error_pending() && !error_clear_if(&Exc_AttributeError_Type))) return value;
    INCREF(fallback);
    return fallback;
}

/* An error is no attribute: mypyc does not look for one here. */
char PyObject_HasAttr(Object *object, Object *name) {
    Object *value = is_attribute_name(name) ? object_find_attribute(object, (Str *)name) : NULL;
    if (!value) error_clear();
    XDECREF(value);
    return value != NULL;
}

/* For __getattr__'s fallback: NULL without an error when there is none. */
Object *CPyObject_GenericGetAttr(Object *object, Object *name) {
    return object_find_attribute(object, (Str *)name);
}

static int replace(Object **place, Object *value) {
    Object *old = *place;
    *place = reference(value);
    XDECREF(old);
    return 0;
}

static int complain_about_type(Object *name, const char *expected, Object *value) {
    raise_formatted(&Exc_TypeError_Type, "attribute '%S' takes %s, not '%T'", name, expected,
                    value);
    return -1;
}

/* value NULL: undefines. Unboxed fields take only what they can hold. */
static int write_field(Object *object, const Attribute *attribute, Object *value) {
    void *place = field(object, attribute);
    Object *name = (Object *)attribute->name;
    Tagged number;
    switch (attribute->kind) {
        case ATTRIBUTE_FIELD_OBJECT: return replace(place, value);
        case ATTRIBUTE_FIELD_INT:
            if (value && !PyLong_Check(value)) return complain_about_type(name, "int", value);
            number = value ? tagged_checked(int_value(value)) : TAGGED_ERROR;
            if (value && number == TAGGED_ERROR) return -1;
            *(Tagged *)place = number;
            return 0;
        case ATTRIBUTE_FIELD_BOOL:
            if (value && !PyBool_Check(value)) return complain_about_type(name, "bool", value);
            *(char *)place = value ? (char)int_value(value) : BOOL_ERROR;
            return 0;
        default:
            if (!value || !float_from_number(value, place)) {
                return complain_about_type(name, "float", value ? value : NONE);
            }
            return 0;
    }
}

static int write_attribute(Object *object, const Attribute *attribute, Object *value) {
    bool on_class = object->type == &PyType_Type;
    switch (attribute->kind) {
        case ATTRIBUTE_VALUE:
            if (on_class) return replace((Object **)attribute->target, value);
            break;
        case ATTRIBUTE_PROPERTY:
            raise_formatted(&Exc_AttributeError_Type, "property '%S' of '%T' object has no %s",
                            attribute->name, object, value ? "setter" : "deleter");
            return -1;
        case ATTRIBUTE_METHOD: break;
        default:
            if (!on_class) return write_field(object, attribute, value);
    }
    raise_formatted(&Exc_AttributeError_Type, "'%T' object attribute '%S' is read-only", object,
                    attribute->name);
    return -1;
}

static int write_exception_attribute(Exception *exception, Object *name, Object *value) {
    if (!exception->attributes) exception->attributes = PyDict_New();
    if (value) return PyDict_SetItem(exception->attributes, name, value);
    return PyDict_DelItem(exception->attributes, name);
}

/* value NULL: deletes. */
static int write(Object *object, Object *name, Object *value) {
    if (!is_attribute_name(name)) return -1;
    const Type *type = object->type == &PyType_Type ? (const Type *)object : object->type;
    const Attribute *attribute = type_find_attribute(type, (Str *)name);
    if (attribute) return write_attribute(object, attribute, value);
    if (object->type->flags & TYPE_IS_EXCEPTION) {
        return write_exception_attribute((Exception *)object, name, value);
    }
    raise_missing(object, name);
    return -1;
}

int PyObject_SetAttr(Object *object, Object *name, Object *value) {
    return write(object, name, value);
}

int PyObject_DelAttr(Object *object, Object *name) {
    return write(object, name, NULL);
}

int CPyObject_GenericSetAttr(Object *object, Object *name, Object *value) {
    return write(object, name, value);
}
