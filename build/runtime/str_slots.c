/* The slots of PyUnicode_Type: text as an object of any type. */

#include "str_slots.h"

#include "builder.h"
#include "compare.h"
#include "errors.h"
#include "slice.h"
#include "str_find.h"
#include "str_index.h"

Object *str_str_slot(Object *self) {
    INCREF(self);
    return self;
}

int64_t str_hash_slot(Object *self) { return str_hash((Str *)self); }

Object *str_compare_slot(Object *left, Object *right, int operator) {
    if (!is_any_str(left) || !is_any_str(right)) return not_implemented();
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
    if (is_any_str(item)) return str_contains((Str *)self, (Str *)item);
    raise_formatted(&Exc_TypeError_Type, "'in <string>' requires string as left operand, not %T",
                    item);
    return -1;
}

/* text[start:stop:step] */
static Object *pick(Str *text, Object *slice) {
    Selection selection;
    if (!slice_select(slice, text->length, &selection)) return NULL;
    if (selection.step == 1)
        return (Object *)PyUnicode_Substring(text, selection.start,
                                             selection.start + selection.count);
    Builder picked = builder_new();
    for (int64_t i = 0; i < selection.count; i++)
        builder_add_code_point(&picked,
                               str_code_point(text, selection.start + i * selection.step));
    return (Object *)builder_finish(&picked);
}

Object *str_get_item_slot(Object *self, Object *key) {
    if (is_slice(key)) return pick((Str *)self, key);
    if (is_int(key)) return (Object *)CPyStr_GetItem((Str *)self, tagged_from(int_value(key)));
    raise_formatted(&Exc_TypeError_Type, "string indices must be integers, not '%T'", key);
    return NULL;
}

/* Text times a number, on either side. */
static Object *multiply(Object *left, Object *right) {
    Object *text = is_any_str(left) ? left : right;
    Object *count = is_any_str(left) ? right : left;
    if (!is_int(count)) return not_implemented();
    return (Object *)CPyStr_Multiply((Str *)text, tagged_from(int_value(count)));
}

Object *str_binary_slot(Object *left, Object *right, int operator) {
    operator &= ~BINARY_IN_PLACE;
    if (operator == BINARY_MULTIPLY) return multiply(left, right);
    if (operator == BINARY_ADD && is_any_str(left) && is_any_str(right))
        return (Object *)PyUnicode_Concat((Str *)left, (Str *)right);
    return not_implemented();
}
