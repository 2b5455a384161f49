/* Enums whose members are texts (StrEnum). A member is laid out as a str, and has a type of its own. */

#include "int.h"
#include "methods.h"
#include "str.h"
#include "str_slots.h"

/* What a program with such members refers to, and others do not. */
const uint32_t str_enums;

bool is_str_member(const Object *object) { return object->type->flags & TYPE_IS_STR_ENUM; }

bool is_str_member__otherwise(const Object *object) {
    (void)object;
    return false;
}

/* str() of a member: its value, as a plain str. */
Object *str_enum_str(Object *member) {
    const Str *text = (const Str *)member;
    return (Object *)str_new(text->data, text->var.size);
}

/* mypyc calls special methods of instances by name. */

METHOD(str, __len__) {
    EXPECT("str.__len__", 0, 0);
    return int_new(((Str *)self)->length);
}

METHOD(str, __getitem__) {
    EXPECT("str.__getitem__", 1, 1);
    return str_get_item_slot(self, args[0]);
}

METHOD(str, __contains__) {
    EXPECT("str.__contains__", 1, 1);
    int found = str_contains_slot(self, args[0]);
    return found < 0 ? NULL : bool_object(found);
}

METHOD(str, __iter__) {
    EXPECT("str.__iter__", 0, 0);
    return str_iterate_slot(self);
}
