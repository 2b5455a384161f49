/* The gate of Type.attributes: the one reader of the tables. */

#include "attribute.h"
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
