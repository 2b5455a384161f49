/* What the methods of an exception class set on `self`, where the compiler knows that it is one: without
   the tables of attributes that any object may have (attribute.c). */

#include "dict.h"
#include "errors.h"

int exception_set_attribute(Exception *self, Str *name, Object *value) {
    if (!self->attributes) self->attributes = PyDict_New();
    return dict_set_item_str(self->attributes, name, value);
}

Object *exception_get_attribute(Exception *self, Str *name) {
    Table *attributes = (Table *)self->attributes;
    Object *value = attributes ? table_value(attributes, table_find_str(attributes, name), NULL) : NULL;
    if (!value)
        raise_formatted(&Exc_AttributeError_Type, "'%T' object has no attribute '%S'", self, name);
    return value;
}
