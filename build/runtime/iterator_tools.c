/* enumerate, zip, map and filter as objects. mypyc lowers most loops over them to loops over what
   they take. */

#include "iterator_tools.h"

#include "arguments.h"
#include "create.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "slots.h"
#include "str.h"
#include "tuple.h"

typedef struct Enumerate {
    Object head;
    Object *iterator;
    int64_t index;
} Enumerate;

static const Signature enumerate_signature = {"enumerate", 1, 2, {"iterable", "start", NULL}};

CREATE(enumerate) {
    Object *values[2];
    int64_t start = 0;
    if (count == 0 && !keyword_count(names)) {
        raise_standard_error(&Exc_TypeError_Type,
                             "enumerate() missing required argument 'iterable'");
        return NULL;
    }
    if (!arguments_bind(&enumerate_signature, args, count, names, values)) return NULL;
    if (values[1] && !int_from_index(values[1], &start)) return NULL;
    Object *iterator = PyObject_GetIter(values[0]);
    if (!iterator) return NULL;
    Enumerate *enumerate = (Enumerate *)instance_new(type);
    enumerate->iterator = iterator;
    enumerate->index = start;
    return (Object *)enumerate;
}

static Object *enumerate_next(Object *self) {
    Enumerate *enumerate = (Enumerate *)self;
    Object *item = PyIter_Next(enumerate->iterator);
    return item ? tuple_pair_stolen(int_new(enumerate->index++), item) : NULL;
}

/* A tuple of iterators, or NULL with an error. */
static Tuple *iterators_of(Object *const *iterables, int64_t count) {
    Tuple *iterators = (Tuple *)PyTuple_New(count);
    for (int64_t i = 0; i < count; i++) {
        iterators->items[i].object = PyObject_GetIter(iterables[i]);
        if (iterators->items[i].object) continue;
        DECREF(iterators);
        return NULL;
    }
    return iterators;
}

typedef struct Zip {
    Object head;
    Tuple *iterators;
    bool strict;
} Zip;

static bool zip_strict(Object *const *args, int64_t count, Tuple *names, bool *strict) {
    *strict = false;
    if (keyword_count(names) == 0) return true;
    Str *name = keyword_name(names, 0);
    bool known = keyword_count(names) == 1 && name->var.size == 6 &&
                 memcmp(name->data, "strict", 6) == 0;
    if (!known) {
        raise_formatted(&Exc_TypeError_Type, "'%S' is an invalid keyword argument for zip()",
                        name);
        return false;
    }
    int truth = PyObject_IsTrue(args[count]);
    *strict = truth > 0;
    return truth >= 0;
}

CREATE(zip) {
    bool strict;
    if (!zip_strict(args, count, names, &strict)) return NULL;
    Tuple *iterators = iterators_of(args, count);
    if (!iterators) return NULL;
    Zip *zip = (Zip *)instance_new(type);
    zip->iterators = iterators;
    zip->strict = strict;
    return (Object *)zip;
}

static void complain_about_length(int64_t number, const char *how) {
    if (number == 2) {
        raise_formatted(&Exc_ValueError_Type, "zip() argument 2 is %s than argument 1", how);
    } else {
        raise_formatted(&Exc_ValueError_Type, "zip() argument %d is %s than arguments 1-%d", number,
                        how, number - 1);
    }
}

/* Iterator `ended` gave nothing: were all equally long? */
static void check_lengths(const Zip *zip, int64_t ended) {
    if (error_pending()) return;
    if (ended > 0) {
        complain_about_length(ended + 1, "shorter");
        return;
    }
    for (int64_t i = 1; i < zip->iterators->var.size; i++) {
        Object *item = PyIter_Next(zip->iterators->items[i].object);
        if (item) {
            DECREF(item);
            complain_about_length(i + 1, "longer");
        }
        if (item || error_pending()) return;
    }
}

static Object *zip_next(Object *self) {
    const Zip *zip = (Zip *)self;
    int64_t count = zip->iterators->var.size;
    if (count == 0) return NULL;
    Tuple *items = (Tuple *)PyTuple_New(count);
    for (int64_t i = 0; i < count; i++) {
        items->items[i].object = PyIter_Next(zip->iterators->items[i].object);
        if (items->items[i].object) continue;
        DECREF(items);
        if (zip->strict) check_lengths(zip, i);
        return NULL;
    }
    return (Object *)items;
}

typedef struct Map {
    Object head;
    Object *function;
    Tuple *iterators;
} Map;

CREATE(map) {
    if (keyword_count(names)) return arguments_refuse_keywords("map");
    if (count < 2) {
        raise_standard_error(&Exc_TypeError_Type, "map() must have at least two arguments.");
        return NULL;
    }
    Tuple *iterators = iterators_of(args + 1, count - 1);
    if (!iterators) return NULL;
    Map *map = (Map *)instance_new(type);
    INCREF(args[0]);
    map->function = args[0];
    map->iterators = iterators;
    return (Object *)map;
}

static Object *map_next(Object *self) {
    const Map *map = (Map *)self;
    int64_t count = map->iterators->var.size, made = 0;
    Object **items = mixer2_alloc(array_size(count, sizeof *items));
    for (; made < count; made++) {
        items[made] = PyIter_Next(map->iterators->items[made].object);
        if (!items[made]) break;
    }
    Object *result =
        made == count ? PyObject_Vectorcall(map->function, items, (uint64_t)count, NULL) : NULL;
    while (made > 0) DECREF(items[--made]);
    mixer2_free(items);
    return result;
}

typedef struct Filter {
    Object head;
    Object *predicate; /* None: the truth of the items */
    Object *iterator;
} Filter;

CREATE(filter) {
    if (!arguments_check("filter", count, names, 2, 2)) return NULL;
    Object *iterator = PyObject_GetIter(args[1]);
    if (!iterator) return NULL;
    Filter *filter = (Filter *)instance_new(type);
    INCREF(args[0]);
    filter->predicate = args[0];
    filter->iterator = iterator;
    return (Object *)filter;
}

/* -1 on error. */
static int is_wanted(const Filter *filter, Object *item) {
    if (filter->predicate == NONE) return PyObject_IsTrue(item);
    Object *answer = PyObject_Vectorcall(filter->predicate, &item, 1, NULL);
    if (!answer) return -1;
    int truth = PyObject_IsTrue(answer);
    DECREF(answer);
    return truth;
}

static Object *filter_next(Object *self) {
    const Filter *filter = (Filter *)self;
    Object *item;
    while ((item = PyIter_Next(filter->iterator))) {
        int wanted = is_wanted(filter, item);
        if (wanted > 0) break;
        DECREF(item);
        if (wanted < 0) return NULL;
    }
    return item;
}

#define ITERATOR_TYPE(symbol, name_, structure, next_, create_, ...)          \
    static const uint16_t symbol##_references[] = {__VA_ARGS__, 0};           \
    Type symbol = {                                                           \
        .head = STATIC_HEAD(&PyType_Type),                                    \
        .name = name_,                                                        \
        .base = &PyBaseObject_Type,                                           \
        .instance_size = sizeof(structure),                                   \
        .references = symbol##_references,                                    \
        .dealloc = instance_dealloc,                                          \
        .hash = object_identity_hash,                                         \
        .contains = object_contains_by_iteration,                             \
        .iterate = iterator_self,                                             \
        .next = next_,                                                        \
        .create = create_,                                                    \
    };

ITERATOR_TYPE(PyEnum_Type, "enumerate", Enumerate, enumerate_next, enumerate_create,
              offsetof(Enumerate, iterator))
ITERATOR_TYPE(PyZip_Type, "zip", Zip, zip_next, zip_create, offsetof(Zip, iterators))
ITERATOR_TYPE(PyMap_Type, "map", Map, map_next, map_create, offsetof(Map, function),
              offsetof(Map, iterators))
ITERATOR_TYPE(PyFilter_Type, "filter", Filter, filter_next, filter_create,
              offsetof(Filter, predicate), offsetof(Filter, iterator))
