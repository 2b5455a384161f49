/* What the entries of attribute tables can be (object.h). */

#include "attribute.h"
#include "errors.h"
#include "float.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "method.h"
#include "none.h"

static Object *reference(Object *object) {
    if (object) INCREF(object);
    return object;
}

static int replace(Object **place, Object *value) {
    Object *old = *place;
    *place = reference(value);
    XDECREF(old);
    return 0;
}

static int set_read_only(Object *object, const Attribute *attribute, Object *value) {
    (void)value;
    raise_formatted(&Exc_AttributeError_Type, "'%T' object attribute '%S' is read-only", object,
                    attribute->name);
    return -1;
}

static Object *get_method(Object *object, const Attribute *attribute) {
    return bound_method_new((BoundFunction)attribute->target, object);
}

static Object *get_unbound(Object *class, const Attribute *attribute) {
    (void)class;
    return unbound_method_new((BoundFunction)attribute->target);
}

const AttributeKind attribute_method = {get_method, set_read_only, get_unbound};

static Object *get_class_method(Object *object, const Attribute *attribute) {
    return bound_method_new((BoundFunction)attribute->target, (Object *)object->type);
}

const AttributeKind attribute_class_method = {get_class_method, set_read_only, get_method};

static Object *get_static_method(Object *object, const Attribute *attribute) {
    (void)object;
    return bound_method_new((BoundFunction)attribute->target, NONE);
}

const AttributeKind attribute_static_method = {get_static_method, set_read_only, get_static_method};

typedef Object *(*Getter)(Object *);

static Object *get_property(Object *object, const Attribute *attribute) {
    return ((Getter)attribute->target)(object);
}

static int set_property(Object *object, const Attribute *attribute, Object *value) {
    raise_formatted(&Exc_AttributeError_Type, "property '%S' of '%T' object has no %s",
                    attribute->name, object, value ? "setter" : "deleter");
    return -1;
}

const AttributeKind attribute_property = {get_property, set_property, NULL};

static Object *get_settable(Object *object, const Attribute *attribute) {
    return ((const PropertyFunctions *)attribute->target)->get(object);
}

static int set_settable(Object *object, const Attribute *attribute, Object *value) {
    if (!value) return set_property(object, attribute, value);
    return ((const PropertyFunctions *)attribute->target)->set(object, value);
}

const AttributeKind attribute_settable = {get_settable, set_settable, NULL};

static Object *get_value(Object *object, const Attribute *attribute) {
    (void)object;
    return reference(*(Object **)attribute->target);
}

/* On the class only: an instance has no place for its own. */
static int set_value(Object *object, const Attribute *attribute, Object *value) {
    if (object->type != &PyType_Type) return set_read_only(object, attribute, value);
    return replace((Object **)attribute->target, value);
}

const AttributeKind attribute_value = {get_value, set_value, get_value};

static void *field(Object *object, const Attribute *attribute) {
    return (char *)object + attribute->target;
}

static Object *get_object(Object *object, const Attribute *attribute) {
    return reference(*(Object **)field(object, attribute));
}

static int set_object(Object *object, const Attribute *attribute, Object *value) {
    return replace(field(object, attribute), value);
}

const AttributeKind attribute_field_object = {get_object, set_object, NULL};

/* Unboxed fields take only what they can hold. */
static int refuse(const Attribute *attribute, const char *expected, Object *value) {
    raise_formatted(&Exc_TypeError_Type, "attribute '%S' takes %s, not '%T'", attribute->name,
                    expected, value);
    return -1;
}

static Object *get_int(Object *object, const Attribute *attribute) {
    Tagged value = *(Tagged *)field(object, attribute);
    return value == TAGGED_ERROR ? NULL : int_new(tagged_value(value));
}

static int set_int(Object *object, const Attribute *attribute, Object *value) {
    if (value && !PyLong_Check(value)) return refuse(attribute, "int", value);
    Tagged number = value ? tagged_checked(int_value(value)) : TAGGED_ERROR;
    if (value && number == TAGGED_ERROR) return -1;
    *(Tagged *)field(object, attribute) = number;
    return 0;
}

const AttributeKind attribute_field_int = {get_int, set_int, NULL};

static Object *get_bool(Object *object, const Attribute *attribute) {
    char value = *(char *)field(object, attribute);
    return value == BOOL_ERROR ? NULL : bool_object(value);
}

static int set_bool(Object *object, const Attribute *attribute, Object *value) {
    if (value && !PyBool_Check(value)) return refuse(attribute, "bool", value);
    *(char *)field(object, attribute) = value ? (char)int_value(value) : BOOL_ERROR;
    return 0;
}

const AttributeKind attribute_field_bool = {get_bool, set_bool, NULL};

/* A float cannot show that it is not set. */
static Object *get_float(Object *object, const Attribute *attribute) {
    return float_new(*(double *)field(object, attribute));
}

static int set_float(Object *object, const Attribute *attribute, Object *value) {
    if (!value) return set_read_only(object, attribute, value);
    if (float_from_number(value, field(object, attribute))) return 0;
    return refuse(attribute, "float", value);
}

const AttributeKind attribute_field_float = {get_float, set_float, NULL};
