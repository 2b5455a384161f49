/* Sets compared and combined. */

#include "set_algebra.h"

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"

Object *set_copy(Object *set) {
    Object *copy = instance_new(set->type);
    table_copy((Table *)copy, (Table *)set);
    return copy;
}

int set_is_subset(Object *left, Object *right) {
    const Table *table = (Table *)left;
    if (table->var.size > PySet_Size(right)) return 0;
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(table, &position));) {
        int64_t found = table_find((Table *)right, entry->key, entry->hash);
        if (found < 0) return found == TABLE_ERROR ? -1 : 0;
    }
    return 1;
}

/* By size first: a set has no proper subset of its own size. */
Object *set_compare(Object *left, Object *right, int operator) {
    if (!is_any_set(left) || !is_any_set(right)) return not_implemented();
    int64_t a = PySet_Size(left), b = PySet_Size(right);
    int answer;
    switch (operator) {
        case Py_EQ: answer = a == b ? set_is_subset(left, right) : 0; break;
        case Py_NE: answer = a == b ? set_is_subset(left, right) : 0; break;
        case Py_LT: answer = a < b ? set_is_subset(left, right) : 0; break;
        case Py_LE: answer = set_is_subset(left, right); break;
        case Py_GT: answer = a > b ? set_is_subset(right, left) : 0; break;
        default: answer = set_is_subset(right, left); break;
    }
    return answer < 0 ? NULL : bool_object(answer != (operator == Py_NE));
}

bool set_keep(Object *set, Object *other, bool in_other) {
    Table *table = (Table *)set;
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(table, &position));) {
        int64_t found = table_find((Table *)other, entry->key, entry->hash);
        if (found == TABLE_ERROR) return false;
        if ((found >= 0) == in_other) continue;
        DECREF(table_take(table, position - 1).key);
    }
    return true;
}

bool set_toggle(Object *set, Object *other) {
    Table *table = (Table *)set;
    if (set == other) {
        table_clear(table);
        return true;
    }
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next((Table *)other, &position));) {
        int64_t found = table_find(table, entry->key, entry->hash);
        if (found == TABLE_ERROR) return false;
        if (found < 0) {
            table_add(table, entry->key, entry->hash, NULL);
        } else {
            DECREF(table_take(table, (uint32_t)found).key);
        }
    }
    return true;
}

static bool combine(Object *set, Object *other, int operator) {
    switch (operator) {
        case BINARY_OR: return set_update(set, other);
        case BINARY_AND: return set_keep(set, other, true);
        case BINARY_SUBTRACT: return set_keep(set, other, false);
        default: return set_toggle(set, other);
    }
}

Object *set_binary(Object *left, Object *right, int operator) {
    int plain = operator & ~BINARY_IN_PLACE;
    bool known = plain == BINARY_OR || plain == BINARY_AND || plain == BINARY_SUBTRACT ||
                 plain == BINARY_XOR;
    if (!known || !is_any_set(left) || !is_any_set(right)) return not_implemented();
    bool in_place = plain != operator && left->type == &PySet_Type;
    if (in_place) {
        INCREF(left);
    } else {
        left = set_copy(left);
    }
    if (combine(left, right, plain)) return left;
    DECREF(left);
    return NULL;
}
