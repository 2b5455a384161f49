/* Built-in functions: about iterables. */

#include "builtins.h"
#include "int.h"
#include "iterator_tools.h"
#include "list.h"
#include "number.h"
#include "str.h"

/* Stops at the first item whose truth is `wanted`; -1 on error. */
static int find_truth(Object *iterable, int wanted) {
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return -1;
    int truth = !wanted;
    Object *item;
    while (truth == !wanted && (item = PyIter_Next(iterator))) {
        truth = PyObject_IsTrue(item);
        DECREF(item);
    }
    DECREF(iterator);
    return error_pending() ? -1 : truth == wanted;
}

BUILTIN(any) {
    EXPECT("any", 1, 1);
    int found = find_truth(args[0], 1);
    return found < 0 ? NULL : bool_object(found);
}

BUILTIN(all) {
    EXPECT("all", 1, 1);
    int found = find_truth(args[0], 0);
    return found < 0 ? NULL : bool_object(!found);
}

BUILTIN(iter) {
    EXPECT("iter", 1, 2);
    return count == 1 ? PyObject_GetIter(args[0]) : call_iterator_new(args[0], args[1]);
}

BUILTIN(next) {
    EXPECT("next", 1, 2);
    Object *item = count == 1 ? CPyIter_Next(args[0]) : PyIter_Next(args[0]);
    if (item || error_pending()) return item;
    if (count == 1) {
        raise_standard_error(&Exc_StopIteration_Type, NULL);
        return NULL;
    }
    INCREF(args[1]);
    return args[1];
}

BUILTIN(reversed) {
    if (!arguments_unpack("reversed", count, names, 1, 1)) return NULL;
    return object_reversed(args[0]);
}

static const Signature sorted_signature = {"sort", 0, 0, {"key", "reverse", NULL}};

BUILTIN(sorted) {
    if (!arguments_unpack("sorted", count, NULL, 1, 1)) return NULL;
    Object *list = PySequence_List(args[0]);
    if (!list) return NULL;
    if (list_sort_by_call((List *)list, &sorted_signature, args + 1, count - 1, names)) return list;
    DECREF(list);
    return NULL;
}

static const Signature sum_signature = {"sum", 1, 2, {"", "start", NULL}};

/* Takes over both references. */
static Object *add(Object *total, Object *item) {
    Object *sum = total ? PyNumber_Add(total, item) : NULL;
    XDECREF(total);
    DECREF(item);
    return sum;
}

BUILTIN(sum) {
    Object *values[2];
    if (!arguments_bind(&sum_signature, args, count, names, values)) return NULL;
    if (values[1] && is_str(values[1])) {
        raise_standard_error(&Exc_TypeError_Type,
                             "sum() can't sum strings [use ''.join(seq) instead]");
        return NULL;
    }
    Object *iterator = PyObject_GetIter(values[0]);
    if (!iterator) return NULL;
    Object *total = values[1] ? values[1] : int_new(0);
    if (values[1]) INCREF(total);
    Object *item;
    while (total && (item = PyIter_Next(iterator))) total = add(total, item);
    DECREF(iterator);
    if (!total || !error_pending()) return total;
    DECREF(total);
    return NULL;
}

/* min and max: the words of one function and the comparison that makes an item the best so far. */
typedef struct Extreme {
    const char *name;
    int better;
} Extreme;

typedef struct Best {
    Object *item;
    Object *key; /* owned as the item is */
} Best;

static void best_drop(Best *best) {
    XDECREF(best->item);
    XDECREF(best->key);
    *best = (Best){0};
}

/* Takes over the reference to item; false on error. */
static bool best_offer(Best *best, Object *item, Object *key_function, int better) {
    Best offered = {item, item};
    if (key_function) {
        offered.key = PyObject_Vectorcall(key_function, &item, 1, NULL);
    } else {
        INCREF(item);
    }
    int wins = !offered.key ? -1 : !best->item ? 1
             : PyObject_RichCompareBool(offered.key, best->key, better);
    if (wins > 0) {
        best_drop(best);
        *best = offered;
    } else {
        best_drop(&offered);
    }
    return wins >= 0;
}

static bool best_of_iterable(Best *best, Object *iterable, Object *key_function, int better) {
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return false;
    bool going = true;
    Object *item;
    while (going && (item = PyIter_Next(iterator))) {
        going = best_offer(best, item, key_function, better);
    }
    DECREF(iterator);
    return going && !error_pending();
}

static bool best_of_array(Best *best, Object *const *items, int64_t count, Object *key_function,
                          int better) {
    for (int64_t i = 0; i < count; i++) {
        INCREF(items[i]);
        if (!best_offer(best, items[i], key_function, better)) return false;
    }
    return true;
}

static const Signature extreme_signature = {"", 0, 0, {"key", "default", NULL}};

static Object *extreme(Extreme which, Object *const *args, int64_t count, Tuple *names) {
    Object *values[2];
    if (count == 0) {
        raise_formatted(&Exc_TypeError_Type, "%s expected at least 1 argument, got 0", which.name);
        return NULL;
    }
    if (!arguments_bind(&extreme_signature, args + count, 0, names, values)) return NULL;
    Object *key_function = values[0] == NONE ? NULL : values[0];
    if (count > 1 && values[1]) {
        raise_formatted(&Exc_TypeError_Type,
                        "Cannot specify a default for %s() with multiple positional arguments",
                        which.name);
        return NULL;
    }
    Best best = {0};
    bool done = count == 1 ? best_of_iterable(&best, args[0], key_function, which.better)
                           : best_of_array(&best, args, count, key_function, which.better);
    Object *item = !done ? NULL : best.item ? best.item : values[1];
    if (item) INCREF(item);
    best_drop(&best);
    if (done && !item) {
        raise_formatted(&Exc_ValueError_Type, "%s() arg is an empty sequence", which.name);
    }
    return item;
}

BUILTIN(min) {
    return extreme((Extreme){"min", Py_LT}, args, count, names);
}

BUILTIN(max) {
    return extreme((Extreme){"max", Py_GT}, args, count, names);
}
