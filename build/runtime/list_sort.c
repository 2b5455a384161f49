/* list: sorting. A stable merge sort of pairs of a key and a value; while it runs the list is
   empty, and whoever changes it meanwhile gets a ValueError afterwards. */

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "slots.h"
#include "str.h"

typedef struct Pair {
    Object *key;
    Object *value; /* may be the key itself; references are counted by whoever made the pairs */
} Pair;

/* 1, 0, or -1 on error. */
static int is_less(Object *left, Object *right) {
    if (is_str(left) && is_str(right)) return str_compare((Str *)left, (Str *)right) < 0;
    if (left->type == &PyLong_Type && right->type == &PyLong_Type) {
        return int_value(left) < int_value(right);
    }
    Object *result = PyObject_RichCompare(left, right, Py_LT);
    if (!result) return -1;
    int truth = result->type == &PyBool_Type ? (int)int_value(result) : PyObject_IsTrue(result);
    DECREF(result);
    return truth;
}

static void reverse_pairs(Pair *pairs, int64_t count) {
    for (int64_t low = 0, high = count - 1; low < high; low++, high--) {
        Pair pair = pairs[low];
        pairs[low] = pairs[high];
        pairs[high] = pair;
    }
}

/* How many are in order at the beginning; falling ones are turned round. -1 on error. */
static int64_t ordered_run(Pair *pairs, int64_t count) {
    if (count < 2) return count;
    int falls = is_less(pairs[1].key, pairs[0].key);
    int64_t run = 2;
    int less = falls;
    for (; less >= 0 && run < count; run++) {
        less = is_less(pairs[run].key, pairs[run - 1].key);
        if (less != falls) break;
    }
    if (less < 0) return -1;
    if (falls) reverse_pairs(pairs, run);
    return run;
}

/* Below this CPython sorts as this function does, comparison by comparison. */
#define SHORT 64

static bool sort_short(Pair *pairs, int64_t count) {
    int64_t sorted = ordered_run(pairs, count);
    if (sorted < 0) return false;
    for (; sorted < count; sorted++) {
        Pair pair = pairs[sorted];
        int64_t low = 0, high = sorted;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            int less = is_less(pair.key, pairs[middle].key);
            if (less < 0) return false;
            if (less) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        memmove(pairs + low + 1, pairs + low, (size_t)(sorted - low) * sizeof(Pair));
        pairs[low] = pair;
    }
    return true;
}

/* Merges [0, middle) and [middle, count); on error the rest is copied as it is. */
static bool merge(Pair *pairs, int64_t middle, int64_t count, Pair *buffer) {
    int64_t left = 0, right = middle, place = 0;
    int less = 0;
    memcpy(buffer, pairs, (size_t)middle * sizeof(Pair));
    while (left < middle && right < count) {
        less = is_less(pairs[right].key, buffer[left].key);
        if (less < 0) break;
        pairs[place++] = less ? pairs[right++] : buffer[left++];
    }
    memcpy(pairs + place, buffer + left, (size_t)(middle - left) * sizeof(Pair));
    return less >= 0;
}

static bool sort(Pair *pairs, int64_t count, Pair *buffer) {
    if (count < SHORT) return sort_short(pairs, count);
    int64_t middle = count / 2;
    if (!sort(pairs, middle, buffer) || !sort(pairs + middle, count - middle, buffer)) return false;
    int less = is_less(pairs[middle].key, pairs[middle - 1].key);
    if (less <= 0) return less == 0; /* in order already */
    return merge(pairs, middle, count, buffer);
}

/* Reversed before and after, so that equal items keep their order. */
static bool sort_pairs(Pair *pairs, int64_t count, bool reverse) {
    Pair *buffer = mixer2_alloc(array_size(count, sizeof(Pair)));
    if (reverse) reverse_pairs(pairs, count);
    bool done = sort(pairs, count, buffer);
    if (reverse) reverse_pairs(pairs, count);
    mixer2_free(buffer);
    return done;
}

/* What the list holds is put aside: it looks empty. */
static List take_items(List *list) {
    List taken = *list;
    list->var.size = 0;
    list->items = NULL;
    list->capacity = 0;
    return taken;
}

/* False with ValueError if the list was changed meanwhile. */
static bool give_items_back(List *list, const List *taken) {
    bool changed = list->items != NULL;
    if (changed) CPyList_Clear((Object *)list);
    list->var.size = taken->var.size;
    list->items = taken->items;
    list->capacity = taken->capacity;
    if (!changed || error_pending()) return !changed;
    raise_standard_error(&Exc_ValueError_Type, "list modified during sort");
    return false;
}

static bool sort_list(List *list, bool reverse) {
    List taken = take_items(list);
    int64_t count = taken.var.size;
    Pair *pairs = mixer2_alloc(array_size(count, sizeof(Pair)));
    for (int64_t i = 0; i < count; i++) {
        pairs[i] = (Pair){taken.items[i].object, taken.items[i].object};
    }
    bool done = sort_pairs(pairs, count, reverse);
    for (int64_t i = 0; i < count; i++) taken.items[i].object = pairs[i].value;
    mixer2_free(pairs);
    return give_items_back(list, &taken) && done;
}

int PyList_Sort(Object *list) {
    return sort_list((List *)list, false) ? 0 : -1;
}

Object *CPySequence_Sort(Object *iterable) {
    Object *list = PySequence_List(iterable);
    if (list && PyList_Sort(list) < 0) {
        DECREF(list);
        return NULL;
    }
    return list;
}

static bool sort_by_key(List *list, Object *key, bool reverse) {
    List taken = take_items(list);
    int64_t count = taken.var.size, made = 0;
    Pair *pairs = mixer2_alloc(array_size(count, sizeof(Pair)));
    for (; made < count; made++) {
        Object *value = taken.items[made].object;
        pairs[made] = (Pair){PyObject_Vectorcall(key, &value, 1, NULL), value};
        if (!pairs[made].key) break;
    }
    bool done = made == count && sort_pairs(pairs, count, reverse);
    for (int64_t i = 0; i < made; i++) {
        taken.items[i].object = pairs[i].value;
        DECREF(pairs[i].key);
    }
    mixer2_free(pairs);
    return give_items_back(list, &taken) && done;
}

bool list_sort(List *list, Object *key, bool reverse) {
    return key ? sort_by_key(list, key, reverse) : sort_list(list, reverse);
}
