/* The slots of PyUnicode_Type: text as an object of any type. */

#include "str_slots.h"

#include "compare.h"
#include "errors.h"
#include "str_find.h"
#include "str_index.h"

Object *str_str_slot(Object *self) {
    INCREF(self);
    return self;
}

int64_t str_hash_slot(Object *self) { return str_hash((Str *)self); }

Object *str_compare_slot(Object *left, Object *right, int operator) {
    if (!is_str(left) || !is_str(right)) return not_implemented();
    int order;
    if (operator == Py_EQ || operator == Py_NE)
        order = !str_equal((Str *)left, (Str *)right);
    else
        order = str_compare((Str *)left, (Str *)right);
    return compare_result(order, operator);
}

int str_truth_slot(Object *self) { return ((Str *)self)->var.size != 0; }

int64_t str_length_slot(Object *self) { return ((Str *)self)->length; }

int str_contains_slot(Object *self, Object *item) {
    if (is_str(item)) return str_contains((Str *)self, (Str *)item);
    raise_formatted(&Exc_TypeError_Type, "'in <string>' requires string as left operand, not %T",
                    item);
    return -1;
}

/* The index that `key` stands for; false with an error. */
static bool index_from(Object *key, const char *complaint, int64_t *index) {
    if (is_int(key)) {
        *index = int_value(key);
        return true;
    }
    raise_formatted(&Exc_TypeError_Type, complaint, key);
    return false;
}

Object *str_get_item_slot(Object *self, Object *key) {
    int64_t index;
    if (!index_from(key, "string indices must be integers, not '%T'", &index)) return NULL;
    return (Object *)CPyStr_GetItem((Str *)self, tagged_from(index));
}

/* Text times a number, on either side. */
static Object *multiply(Object *left, Object *right) {
    Object *text = is_str(left) ? left : right;
    Object *count = is_str(left) ? right : left;
    if (!is_int(count)) return not_implemented();
    return (Object *)CPyStr_Multiply((Str *)text, tagged_from(int_value(count)));
}

Object *str_binary_slot(Object *left, Object *right, int operator) {
    operator &= ~BINARY_IN_PLACE;
    if (operator == BINARY_MULTIPLY) return multiply(left, right);
    if (operator == BINARY_ADD && is_str(left) && is_str(right))
        return (Object *)PyUnicode_Concat((Str *)left, (Str *)right);
    return not_implemented();
}
