/* Attributes by name: the tables of the types (object.h), and what exceptions carry besides. */

#include "attribute.h"

#include "dict.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "method.h"
#include "none.h"
#include "str.h"

static Object *reference(Object *object) {
    if (object) INCREF(object);
    return object;
}

/* Class.name: a method as a function that takes self. */
static Object *class_attribute(Object *class, const Attribute *attribute) {
    return attribute->kind->get_of_class ? attribute->kind->get_of_class(class, attribute) : NULL;
}

static Object *or_none(Object *object) {
    return reference(object ? object : NONE);
}

static Object *exception_attribute(const Exception *exception, const Str *name) {
    Object *own = exception->attributes;
    Object *value = own ? dict_get_str(own, (Str *)name, NULL) : NULL;
    if (value || error_pending()) return value;
    if (str_reads(name, "value") && object_is(&exception->head, &Exc_StopIteration_Type)) {
        const Tuple *args = exception->args;
        return or_none(args && args->var.size ? args->items[0].object : NULL);
    }
    if (str_reads(name, "args")) return reference((Object *)exception->args);
    if (str_reads(name, "__cause__")) return or_none(exception->cause);
    if (str_reads(name, "__context__")) return or_none(exception->context);
    if (str_reads(name, "__suppress_context__")) return bool_object(exception->suppress_context);
    return NULL;
}

Object *object_find_attribute(Object *object, const Str *name) {
    const Type *type = object->type;
    if (type == &PyType_Type) {
        const Attribute *attribute = type_find_attribute((const Type *)object, name);
        if (attribute) return class_attribute(object, attribute);
        return str_reads(name, "__name__") ? CPy_GetName(object) : NULL;
    }
    const Attribute *attribute = type_find_attribute(type, name);
    if (attribute) return attribute->kind->get(object, attribute);
    if (str_reads(name, "__class__")) return CPy_TYPE(object);
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
    if (is_any_str(name)) return true;
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

static int write_exception_attribute(Exception *exception, Object *name, Object *value) {
    if (!exception->attributes) exception->attributes = PyDict_New();
    if (value) return dict_set_item_str(exception->attributes, (Str *)name, value);
    int status = dict_delete_item_str(exception->attributes, (Str *)name);
    if (status < 0 && error_clear_if(&Exc_KeyError_Type)) raise_missing(&exception->head, name);
    return status;
}

/* value NULL: deletes. */
static int write(Object *object, Object *name, Object *value) {
    if (!is_attribute_name(name)) return -1;
    const Type *type = object->type == &PyType_Type ? (const Type *)object : object->type;
    const Attribute *attribute = type_find_attribute(type, (Str *)name);
    if (attribute) return attribute->kind->set(object, attribute, value);
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
